package io.tamada.simulator.world;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What happened, in readable lines. Costs nothing when nobody listens.
public final class Story {

    private final Consumer<String> lines;
    private final boolean told;

    private Story(boolean told, Consumer<String> lines) {
        this.told = told;
        this.lines = lines;
    }

    /// Nobody listens.
    public static Story untold() {
        return new Story(false, _ -> {});
    }

    /// Each line goes to a consumer, as it happens.
    public static Story to(Consumer<String> lines) {
        return new Story(true, lines);
    }

    /// Each line is kept.
    public static Story kept(List<String> lines) {
        return to(lines::add);
    }

    public boolean isTold() {
        return told;
    }

    void tell(long nanos, String where, String what, Supplier<String> text) {
        if (told) {
            lines.accept(
                    String.format(
                            Locale.ROOT,
                            "%02d:%02d:%02d.%03d %-8s %-9s %s",
                            nanos / 3_600_000_000_000L,
                            nanos / 60_000_000_000L % 60,
                            nanos / 1_000_000_000L % 60,
                            nanos / 1_000_000L % 1000,
                            where,
                            what,
                            text.get()));
        }
    }
}
