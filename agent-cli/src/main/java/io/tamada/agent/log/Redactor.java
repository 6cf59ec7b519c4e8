package io.tamada.agent.log;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// Keeps secrets out of text that is written somewhere.
///
/// Known secrets are replaced wherever they stand, unless they are so short that they would be
/// found in ordinary words; passwords in connection strings are replaced whatever they are.
public final class Redactor {

    static final String MASK = "******";
    private static final int LENGTH_MIN = 6;
    private static final Pattern PASSWORD =
            Pattern.compile(
                    "(?i)((?:password|passwd|sslpassword|secret|token)\\s*[=:]\\s*)('[^']*'|\"[^\"]*\"|[^\\s,;&}]+)");
    private static final Pattern IN_URL = Pattern.compile("(://[^\\s:/@]*:)([^\\s@/]+)(@)");

    private final List<String> secrets;

    public Redactor(Collection<String> secrets) {
        this.secrets =
                secrets.stream()
                        .filter(secret -> secret.length() >= LENGTH_MIN)
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList();
    }

    /// The text without secrets.
    public String redacted(String text) {
        String result = text;
        for (String secret : secrets) {
            result = result.replace(secret, MASK);
        }
        if (result.indexOf('=') >= 0 || result.indexOf(':') >= 0) {
            result = PASSWORD.matcher(result).replaceAll("$1" + MASK);
            result = IN_URL.matcher(result).replaceAll("$1" + MASK + "$3");
        }
        return result;
    }
}
