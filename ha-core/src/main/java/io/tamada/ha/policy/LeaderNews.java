package io.tamada.ha.policy;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.FailsafeMode;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SlotNames;
import io.tamada.ha.model.TimelineHistory;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the leader tells the others through the store: history, positions, failsafe members.
/// Written when changed.
final class LeaderNews {

    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx");

    private LeaderNews() {}

    static @Nullable Decision of(Deliberation d, ClusterView view) {
        TimelineHistory history = history(d, view);
        if (history != null && !history.equals(view.history()) && d.notYet(Rule.PUBLISH_HISTORY)) {
            return d.write(
                    Rule.PUBLISH_HISTORY, new DcsEntry.History(history), Precondition.whatever());
        }
        ClusterStatus status = status(d, view);
        if (status != null && !status.equals(view.status()) && d.notYet(Rule.PUBLISH_STATUS)) {
            return d.write(
                    Rule.PUBLISH_STATUS, new DcsEntry.Status(status), Precondition.whatever());
        }
        if (d.seen.settings().failsafe() != FailsafeMode.OFF && d.notYet(Rule.PUBLISH_FAILSAFE)) {
            Map<MemberName, String> members = failsafeMembers(d, view);
            if (!members.equals(view.failsafe())) {
                return d.write(
                        Rule.PUBLISH_FAILSAFE,
                        new DcsEntry.Failsafe(members),
                        Precondition.whatever());
            }
        }
        return null;
    }

    // ---- history
    // -----------------------------------------------------------------------------------------------

    /// The history to be published; null when there is nothing to say.
    private static @Nullable TimelineHistory history(Deliberation d, ClusterView view) {
        if (!(d.seen.postgres() instanceof LocalPostgres.Primary p)
                || p.server().timeline() == null) {
            return null;
        }
        TimelineHistory stored = view.history();
        int timeline = p.server().timeline().value();
        if (timeline == 1) {
            return stored == null || stored.isEmpty() ? null : TimelineHistory.EMPTY;
        }
        if (stored != null
                && !stored.isEmpty()
                && stored.last().parent().value() == timeline - 1
                && stored.last().isComplete()) {
            return null;
        }
        return p.history() == null ? null : annotated(d, p.history(), stored);
    }

    /// The server's history with what only the store knows: when each switch was, and who was
    /// promoted.
    private static TimelineHistory annotated(
            Deliberation d, TimelineHistory local, @Nullable TimelineHistory stored) {
        List<TimelineHistory.Switch> lines = new ArrayList<>();
        for (TimelineHistory.Switch line : local.switches()) {
            boolean newest = line.equals(local.last());
            TimelineHistory.Switch known = known(stored, line);
            String time = known != null && known.time() != null ? known.time() : line.time();
            if (time == null && newest) {
                time = WHEN.format(d.seen.wall().atOffset(ZoneOffset.UTC));
            }
            String leader = known != null ? known.newLeader() : newest ? d.me().value() : null;
            lines.add(
                    new TimelineHistory.Switch(
                            line.parent(), line.at(), line.reason(), time, leader));
        }
        int most = d.seen.settings().maxTimelinesHistory();
        return new TimelineHistory(
                most > 0 && lines.size() > most
                        ? lines.subList(lines.size() - most, lines.size())
                        : lines);
    }

    private static TimelineHistory.@Nullable Switch known(
            @Nullable TimelineHistory stored, TimelineHistory.Switch line) {
        if (stored == null) {
            return null;
        }
        return stored.switches().stream()
                .filter(s -> s.parent().equals(line.parent()) && s.at().equals(line.at()))
                .findFirst()
                .orElse(null);
    }

    // ---- status
    // ------------------------------------------------------------------------------------------------

    private static @Nullable ClusterStatus status(Deliberation d, ClusterView view) {
        Lsn position =
                switch (d.seen.postgres()) {
                    case LocalPostgres.Primary p -> p.position();
                    case LocalPostgres.Standby s -> s.position();
                    case LocalPostgres.NoData _,
                            LocalPostgres.Stopped _,
                            LocalPostgres.Starting _,
                            LocalPostgres.Stopping _,
                            LocalPostgres.Unresponsive _ ->
                            null;
                };
        LocalPostgres.Server server = d.seen.postgres().running();
        if (position == null || server == null) {
            return null;
        }
        if (server.version() < 110_000) {
            return new ClusterStatus(position, view.status().slots(), view.status().retainSlots());
        }
        Map<String, Lsn> slots = new TreeMap<>();
        server.slots()
                .forEach((name, facts) -> {
                    if (facts.position() != null && !facts.synced()) {
                        slots.put(name, facts.position());
                    }
                });
        slots.put(SlotNames.of(d.me()), position);
        return new ClusterStatus(position, slots, retained(d, view));
    }

    /// Slots of members seen within `member_slots_ttl`.
    private static Set<String> retained(Deliberation d, ClusterView view) {
        long ttl = d.seen.settings().memberSlotsTtl().toNanos();
        if (ttl == 0) {
            return Set.of();
        }
        Map<String, Long> seen = new HashMap<>(d.memory.slotsSeen);
        view.status().retainSlots().forEach(name -> seen.putIfAbsent(name, d.seen.now()));
        view.members().values().stream()
                .filter(m -> !m.tags().noStream())
                .forEach(m -> seen.put(SlotNames.of(m.name()), d.seen.now()));
        seen.values().removeIf(at -> d.seen.now() - at > ttl);
        d.memory.slotsSeen = Map.copyOf(seen);
        return seen.keySet();
    }

    // ---- failsafe
    // ----------------------------------------------------------------------------------------------

    /// Who is to be asked for consent, as the view has the members.
    static Map<MemberName, String> failsafeMembers(Deliberation d, ClusterView view) {
        Map<MemberName, String> members = new TreeMap<>();
        Candidates.members(d, view).values().forEach(p -> members.put(p.name(), p.apiUrl()));
        members.put(d.me(), d.seen.me().apiUrl());
        return members;
    }
}
