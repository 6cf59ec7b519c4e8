package io.tamada.ctl;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import io.tamada.dcs.Timestamps;
import io.tamada.ha.model.MemberStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "why",
        description = "Tells what members decided and why, from their journals.",
        footerHeading = "%nExamples:%n",
        footer = {"  tamadactl why batman", "  tamadactl why batman --member pg0 --since 15min"})
final class WhyCommand extends CtlCommand {

    /// As many as a member keeps.
    private static final int LIMIT = 1000;

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(
            names = {"-m", "--member"},
            paramLabel = "NAME",
            description = "Only this member's journal.")
    private @Nullable String member;

    @Option(
            names = "--since",
            paramLabel = "SPAN",
            defaultValue = "1h",
            description = "How far back, as in 90s, 15min, 2h; default ${DEFAULT-VALUE}.")
    private String since = "1h";

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(
            names = "--seen",
            description = "Show also what each decision was made from; long, for finding bugs.")
    private boolean seen;

    WhyCommand(Ctl ctl) {
        super(ctl);
    }

    /// A line of a journal, as far as it is told.
    record Told(
            Instant at,
            String member,
            long sequence,
            String decision,
            String rule,
            String seen,
            List<String> because,
            String outcome,
            long times) {}

    @Override
    Outcome act() {
        Duration span = Moments.span(since);
        Instant from = ctl.world().time().wall().minus(span);
        List<Told> told = new ArrayList<>();
        Outcome outcome = Outcome.DONE;
        List<String> alarms = new ArrayList<>();
        boolean found = false;
        for (GroupView view : ctl.open(cluster, group).lookAtAll()) {
            for (MemberStatus m : view.members()) {
                if (member == null || m.name().value().equals(member)) {
                    found = true;
                    outcome = outcome.worse(read(m, told));
                    alarms.addAll(Footer.alarms(List.of(m)));
                }
            }
        }
        if (!found) {
            throw new CtlError(
                    member == null
                            ? "The cluster has no members: look with 'list'"
                            : "Member %s does not exist in the cluster".formatted(member));
        }
        List<Told> recent =
                told.stream()
                        .filter(t -> !t.at().isBefore(from))
                        .sorted(
                                Comparator.comparing(Told::at)
                                        .thenComparing(Told::member)
                                        .thenComparingLong(Told::sequence))
                        .toList();
        if (recent.isEmpty() && outcome == Outcome.DONE) {
            console()
                    .line(
                            "Nothing was decided within the last %s; try a longer --since"
                                    .formatted(since));
        }
        // What lasts may have begun before the span that was asked for.
        alarms.forEach(console()::line);
        recent.forEach(t -> console().print(Story.of(t, ctl.world().zone(), seen)));
        return outcome;
    }

    private Outcome read(MemberStatus m, List<Told> into) {
        RestReply reply = ctl.api().get(m, "journal?limit=" + LIMIT);
        if (reply instanceof RestReply.Answered(int status, String body) && status == 200) {
            try {
                into.addAll(entries(m, Json.parse(body)));
                return Outcome.DONE;
            } catch (JsonException e) {
                console()
                        .complain(
                                "Warning: %s keeps no journal that can be read"
                                        .formatted(m.name()));
                return Outcome.REFUSED;
            }
        }
        console().complain("Warning: no journal from %s: %s".formatted(m.name(), summary(reply)));
        return Outcome.REFUSED;
    }

    private static String summary(RestReply reply) {
        return reply instanceof RestReply.Answered(int status, _)
                ? "it answered %d; agents other than Tamada keep none".formatted(status)
                : reply.details();
    }

    /// Understands a list of entries, bare or under the name `entries`. What can't be understood is
    /// left out.
    static List<Told> entries(MemberStatus m, @Nullable Object json) {
        Object list = json instanceof Map<?, ?> map ? map.get("entries") : json;
        if (!(list instanceof List<?> items)) {
            throw new JsonException("JSON: a list was expected, not " + Json.kind(list));
        }
        List<Told> result = new ArrayList<>();
        for (Object item : items) {
            if (item instanceof Map<?, ?> entry) {
                Timestamps.parse(text(entry, "at")).ifPresent(at -> result.add(told(m, at, entry)));
            }
        }
        return result;
    }

    private static Told told(MemberStatus m, Instant at, Map<?, ?> entry) {
        List<String> because =
                entry.get("because") instanceof List<?> list
                        ? list.stream().filter(Objects::nonNull).map(Object::toString).toList()
                        : List.of();
        return new Told(
                at,
                m.name().value(),
                number(entry, "sequence", 0),
                text(entry, "decision"),
                text(entry, "rule"),
                text(entry, "seen"),
                because,
                text(entry, "outcome"),
                number(entry, "times", 1));
    }

    private static String text(Map<?, ?> entry, String key) {
        return Objects.toString(entry.get(key), "").strip();
    }

    private static long number(Map<?, ?> entry, String key, long byDefault) {
        return entry.get(key) instanceof Number n ? n.longValue() : byDefault;
    }
}
