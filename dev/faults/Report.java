package demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a run has shown, as text and as a page with a time line.
///
/// @param lost the numbers of acknowledged rows that were lost
record Report(String title, Chronicle chronicle, List<NodeWriter> writers, List<Overlap> overlaps, Set<Long> lost) {

    private static final int PIXELS_PER_SECOND = 12;
    private static final int LEFT = 60;
    private static final int LANE = 70;
    private static final long TICK_NANOS = 250_000_000L;

    String text() {
        StringBuilder text = new StringBuilder("\n" + title + "\n");
        summary().forEach(line -> text.append("  ").append(line).append('\n'));
        chronicle.violations().forEach(violation -> text.append("VIOLATED: ").append(violation).append('\n'));
        return text.toString();
    }

    private List<String> summary() {
        List<String> lines = new ArrayList<>();
        lines.add("rounds: " + chronicle.rounds().size() + ", faults: " + chronicle.faults().size());
        lines.add("two writable primaries: "
                + overlaps.stream().mapToLong(overlap -> overlap.length().toMillis()).sum() + " ms, " + overlaps.size()
                + " times");
        lines.add("acknowledged rows: " + writers.stream().mapToInt(NodeWriter::count).sum() + ", lost: " + lost.size());
        lines.add("longest from the last fault's end until writes go on: " + longest(Chronicle.Round::written)
                + " s, from there until all stream: " + longest(Chronicle.Round::converged) + " s");
        lines.add("kinds: " + chronicle.faults().stream()
                .collect(Collectors.groupingBy(Chronicle.Entry::what, java.util.TreeMap::new, Collectors.counting())));
        return lines;
    }

    private double longest(Function<Chronicle.Round, Duration> part) {
        return chronicle.rounds().stream().map(part).mapToLong(Duration::toMillis).max().orElse(0) / 1000.0;
    }

    String html() {
        long end = writers.stream()
                .flatMap(writer -> writer.rows().stream())
                .mapToLong(NodeWriter.Row::acknowledgedNanos)
                .max()
                .orElse(chronicle.startNanos());
        int width = LEFT + x(end) + 40;
        StringBuilder svg = new StringBuilder();
        for (int i = 0; i < writers.size(); i++) {
            lane(svg, writers.get(i), 30 + i * LANE, end);
        }
        int below = 30 + writers.size() * LANE;
        svg.append("<text x='4' y='%d'>store</text>\n".formatted(below + 12));
        faults(svg, "store", below);
        for (Overlap overlap : overlaps) {
            box(svg, overlap.fromNanos(), overlap.fromNanos() + overlap.length().toNanos(), 22, writers.size() * LANE, "overlap",
                    overlap.one() + " and " + overlap.other() + ": " + overlap.length().toMillis() + " ms");
        }
        for (long second = 0; second * 1_000_000_000L < end - chronicle.startNanos(); second += 10) {
            svg.append("<text x='%d' y='14'>%d s</text>\n".formatted(LEFT + second * PIXELS_PER_SECOND, second));
        }
        return """
                <!DOCTYPE html>
                <html lang="en"><meta charset="utf-8"><title>Chaos: %1$s</title>
                <style>
                body { font: 14px sans-serif; margin: 1em } .line { overflow-x: auto } text { font: 11px sans-serif }
                .DOWN { fill: #ddd } .STANDBY { fill: #9cc3ee } .WRITABLE { fill: #55aa55 } .write { fill: #115511 }
                .lost { fill: #d00 } .fault { fill: #e8a33d; stroke: #a60 } .overlap { fill: #d00; opacity: .5 }
                .bad { color: #d00 }
                </style>
                <h1>Chaos</h1><p>%1$s</p><ul>%2$s</ul>
                <p>Each member: faults (orange), what its client sees of the server (grey: down, blue: standby, green: accepts
                writes), acknowledged writes in each quarter of a second (red: some are lost). Red bars: two accepted writes.</p>
                <div class="line"><svg width="%3$d" height="%4$d">
                %5$s</svg></div></html>
                """.formatted(
                        escape(title),
                        summary().stream().map(line -> "<li>" + escape(line) + "</li>").collect(Collectors.joining())
                                + chronicle.violations().stream()
                                        .map(line -> "<li class='bad'>" + escape(line) + "</li>")
                                        .collect(Collectors.joining()),
                        width,
                        70 + writers.size() * LANE,
                        svg);
    }

    private void lane(StringBuilder svg, NodeWriter writer, int y, long end) {
        String name = writer.member().name();
        svg.append("<text x='4' y='%d'>%s</text>\n".formatted(y + 30, escape(name)));
        faults(svg, name, y);
        List<NodeWriter.Change> changes = writer.changes();
        for (int i = 0; i < changes.size(); i++) {
            long until = i + 1 < changes.size() ? changes.get(i + 1).nanos() : end;
            box(svg, changes.get(i).nanos(), until, y + 18, 16, changes.get(i).role().name(), changes.get(i).role().name());
        }
        long tick = Long.MIN_VALUE;
        int count = 0;
        boolean someLost = false;
        for (NodeWriter.Row row : writer.rows()) {
            long own = (row.acknowledgedNanos() - chronicle.startNanos()) / TICK_NANOS;
            if (own != tick) {
                writes(svg, tick, count, someLost, y);
                tick = own;
                count = 0;
                someLost = false;
            }
            count++;
            someLost |= lost.contains(row.id());
        }
        writes(svg, tick, count, someLost, y);
    }

    private void faults(StringBuilder svg, String victim, int y) {
        for (Chronicle.Entry fault : chronicle.faults()) {
            if (fault.victim().equals(victim)) {
                box(svg, fault.fromNanos(), fault.toNanos(), y, 14, "fault", fault.what());
            }
        }
    }

    private void writes(StringBuilder svg, long tick, int count, boolean someLost, int y) {
        if (count > 0) {
            long from = chronicle.startNanos() + tick * TICK_NANOS;
            box(svg, from, from + TICK_NANOS, y + 38, Math.min(20, 1 + count), someLost ? "lost" : "write", count + " writes");
        }
    }

    private void box(StringBuilder svg, long from, long to, int y, int height, String kind, String tip) {
        svg.append("<rect class='%s' x='%d' y='%d' width='%d' height='%d'><title>%s, %s s</title></rect>\n"
                .formatted(kind, LEFT + x(from), y, Math.max(2, x(to) - x(from)), height, escape(tip), chronicle.seconds(from)));
    }

    private int x(long nanos) {
        return (int) ((nanos - chronicle.startNanos()) * PIXELS_PER_SECOND / 1_000_000_000L);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;");
    }
}
