package io.tamada.ctl;

import java.time.ZoneId;
import java.util.Locale;

/// A journal entry in sentences. Pure.
final class Story {

    private static final String INDENT = "    ";

    private Story() {}

    /// @param withSeen tells also what the decision was made from
    static String of(WhyCommand.Told told, ZoneId zone, boolean withSeen) {
        StringBuilder out = new StringBuilder();
        out.append(Moments.seconds(told.at(), zone))
                .append("  ")
                .append(told.member())
                .append(": ");
        out.append(sentence(told.decision().isEmpty() ? told.rule() : told.decision()));
        if (told.times() > 1) {
            out.append(" (").append(told.times()).append(" times in a row)");
        }
        out.append('\n');
        append(out, "Rule", told.rule());
        append(out, "Seen", withSeen ? told.seen() : "");
        told.because().forEach(reason -> append(out, "Because", reason));
        append(out, "Outcome", told.outcome());
        return out.toString();
    }

    private static void append(StringBuilder out, String title, String text) {
        if (!text.isEmpty()) {
            out.append(INDENT).append(title).append(": ").append(text).append('\n');
        }
    }

    private static String sentence(String text) {
        if (text.isEmpty()) {
            return "";
        }
        String upper = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        return upper.endsWith(".") ? upper : upper + ".";
    }
}
