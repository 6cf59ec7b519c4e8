package io.tamada.pg;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a server has against a parameter, read from what it writes in English.
///
/// @param reason what follows "'value' …" in a sentence, with the range or the words that are
///   allowed; null when the server has no such parameter
/// @param bound the nearest number in the range, in the parameter's own unit; null for none
record ServerObjection(String parameter, @Nullable String reason, @Nullable String bound) {

    private static final Pattern MESSAGE =
            Pattern.compile("\\b(LOG|ERROR|FATAL|HINT|DETAIL): +(.*)");
    private static final Pattern RANGE =
            Pattern.compile(
                    "(\\S+)(?: \\S+)? is outside the valid range for parameter \"([^\"]+)\""
                            + " \\(((\\S+)(?: \\S+)?) \\.\\. ((\\S+)(?: \\S+)?)\\).*");
    private static final Pattern UNKNOWN =
            Pattern.compile("unrecognized configuration parameter \"([^\"]+)\".*");
    private static final Pattern SYNTAX = Pattern.compile("syntax error in file .* line (\\d+).*");
    private static final Pattern PARAMETER = Pattern.compile("parameter \"([^\"]+)\"");

    String sentence(String value) {
        return reason == null ? "this server has no such parameter" : "'" + value + "' " + reason;
    }

    /// @param names the parameter that stands in each line of the file that was read
    static List<ServerObjection> parse(String told, List<String> names) {
        List<ServerObjection> result = new ArrayList<>();
        boolean addsToLast = false;
        for (String line : told.lines().toList()) {
            Matcher m = MESSAGE.matcher(line);
            if (!m.find()) {
                continue;
            }
            if (m.group(1).equals("HINT") || m.group(1).equals("DETAIL")) {
                if (addsToLast) {
                    result.add(result.removeLast().with(m.group(2)));
                }
                continue;
            }
            ServerObjection objection = of(m.group(2), names);
            addsToLast = objection != null;
            if (objection != null) {
                result.add(objection);
            }
        }
        return result;
    }

    private ServerObjection with(String hint) {
        String sentence = hint.endsWith(".") ? hint.substring(0, hint.length() - 1) : hint;
        return reason == null
                ? this
                : new ServerObjection(parameter, reason + " (" + sentence + ")", bound);
    }

    private static @Nullable ServerObjection of(String message, List<String> names) {
        Matcher range = RANGE.matcher(message);
        if (range.matches()) {
            String nearest =
                    isLess(range.group(1), range.group(4)) ? range.group(4) : range.group(6);
            return new ServerObjection(
                    range.group(2),
                    "is not from " + range.group(3) + " to " + range.group(5),
                    nearest);
        }
        Matcher unknown = UNKNOWN.matcher(message);
        if (unknown.matches()) {
            return new ServerObjection(unknown.group(1), null, null);
        }
        Matcher syntax = SYNTAX.matcher(message);
        if (syntax.matches()) {
            int line = Integer.parseInt(syntax.group(1));
            return line > names.size()
                    ? null
                    : new ServerObjection(
                            names.get(line - 1), "can't be written into a configuration", null);
        }
        Matcher parameter = PARAMETER.matcher(message);
        if (!parameter.find()) {
            return null;
        }
        String rest = message.substring(parameter.end());
        return new ServerObjection(
                parameter.group(1),
                rest.startsWith(" requires") ? "is wrong: it" + rest : "is not allowed",
                null);
    }

    private static boolean isLess(String number, String bound) {
        try {
            return new BigDecimal(number).compareTo(new BigDecimal(bound)) < 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
