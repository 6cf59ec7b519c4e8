package io.tamada.pg.process;

import java.util.Arrays;
import java.util.List;

/// How a command ended.
///
/// @param exitCode [#NOT_STARTED] or [#TIMED_OUT] when it has none of its own
/// @param out standard output, cut to a bound
/// @param err standard error, cut to a bound
public record CommandResult(int exitCode, String out, String err) {

    public static final int NOT_STARTED = -1;
    public static final int TIMED_OUT = -2;

    public boolean succeeded() {
        return exitCode == 0;
    }

    /// One sentence about a failure: the last lines that it wrote, and how it ended.
    public String problem(String what) {
        String told = lastLines(err.isBlank() ? out : err);
        String end =
                switch (exitCode) {
                    case NOT_STARTED -> " could not be started";
                    case TIMED_OUT -> " did not end in time";
                    default -> " failed with exit code " + exitCode;
                };
        return what + end + (told.isEmpty() ? "" : ": " + told);
    }

    private static String lastLines(String text) {
        List<String> lines =
                Arrays.stream(text.split("[\r\n]+", -1))
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }
}
