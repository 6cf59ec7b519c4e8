package io.tamada.agent.log;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Times as C's `strftime` writes them, as far as logs use it.
final class Strftime {

    private Strftime() {}

    static String format(String pattern, ZonedDateTime time) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c != '%' || i + 1 == pattern.length()) {
                result.append(c);
            } else {
                i++;
                result.append(part(pattern.charAt(i), time));
            }
        }
        return result.toString();
    }

    private static String part(char letter, ZonedDateTime time) {
        return switch (letter) {
            case 'Y' -> of("yyyy", time);
            case 'y' -> of("yy", time);
            case 'm' -> of("MM", time);
            case 'd' -> of("dd", time);
            case 'H' -> of("HH", time);
            case 'I' -> of("hh", time);
            case 'p' -> of("a", time);
            case 'M' -> of("mm", time);
            case 'S' -> of("ss", time);
            case 'f' -> of("SSSSSS", time);
            case 'j' -> of("DDD", time);
            case 'a' -> of("EEE", time);
            case 'A' -> of("EEEE", time);
            case 'b' -> of("MMM", time);
            case 'B' -> of("MMMM", time);
            case 'z' -> of("xx", time);
            case 'Z' -> of("zzz", time);
            case 'F' -> of("yyyy-MM-dd", time);
            case 'T' -> of("HH:mm:ss", time);
            case 's' -> Long.toString(time.toEpochSecond());
            case '%' -> "%";
            default -> "%" + letter;
        };
    }

    private static String of(String pattern, ZonedDateTime time) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(time);
    }
}
