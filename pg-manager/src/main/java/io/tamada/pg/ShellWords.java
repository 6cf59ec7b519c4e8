package io.tamada.pg;

import java.util.ArrayList;
import java.util.List;

/// Splits a command line into words as a shell does: quotes and backslashes, no variables, no
/// patterns.
final class ShellWords {

    private ShellWords() {}

    /// @throws IllegalArgumentException when a quote is never closed
    static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean last = i + 1 == line.length();
            if (quote == '\'' ? c == '\'' : quote == '"' && c == '"') {
                quote = 0;
            } else if (c == '\\' && quote != '\'' && !last) {
                char next = line.charAt(++i);
                boolean kept =
                        quote == '"' && next != '"' && next != '\\' && next != '$' && next != '`';
                word.append(kept ? "\\" : "").append(next);
                inWord = true;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
                inWord = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("'" + line + "' has an open quote");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
