package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.WalSender;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which standbys may be synchronous now, and which have confirmed.
///
/// @param active who should be, by the mode
/// @param confirmed those of the active that have all WAL since the running setting came into force
/// @param memory what to remember of confirmations
record SyncCandidates(Set<MemberName> active, Set<MemberName> confirmed, SyncMemory memory) {

    private record Row(
            MemberName name, String syncState, Lsn position, int priority, boolean noFailover) {}

    static SyncCandidates of(
            Deliberation d, ClusterView view, LocalPostgres.Primary p, boolean quorum, int wanted) {
        List<Row> rows = rows(d, view, p);
        Set<MemberName> active = quorum ? quorumActive(rows, wanted) : priorityActive(rows, wanted);
        SyncMemory memory = remembered(d, view, p, rows, quorum);
        Set<MemberName> confirmed = new TreeSet<>(memory.ready());
        confirmed.retainAll(active);
        if (!quorum) {
            Set<MemberName> sync =
                    rows.stream()
                            .filter(r -> r.syncState().equals("sync"))
                            .map(Row::name)
                            .collect(Collectors.toSet());
            confirmed.retainAll(sync);
        }
        return new SyncCandidates(active, confirmed, memory);
    }

    // ---- who streams
    // -------------------------------------------------------------------------------------------

    private static List<Row> rows(Deliberation d, ClusterView view, LocalPostgres.Primary p) {
        Map<String, MemberStatus> byName = new HashMap<>();
        view.members()
                .values()
                .forEach(m -> byName.put(m.name().value().toLowerCase(Locale.ROOT), m));
        Map<MemberName, Row> rows = new HashMap<>();
        Set<MemberName> streaming = streaming(p, byName);
        for (WalSender sender : p.server().senders()) {
            MemberStatus m = byName.get(sender.applicationName().toLowerCase(Locale.ROOT));
            Lsn position = position(sender, p.synchronousCommit());
            if (m == null
                    || position == null
                    || !sender.isStreaming()
                    || !m.isRunning()
                    || m.tags().noSync()
                    || m.name().equals(d.me())
                    || cascades(view, m, streaming)) {
                continue;
            }
            rows.put(
                    m.name(),
                    new Row(
                            m.name(),
                            sender.syncState(),
                            position,
                            m.tags().syncPriority(),
                            m.tags().noFailover()));
        }
        return withinLag(d, p, sorted(rows));
    }

    private static Set<MemberName> streaming(
            LocalPostgres.Primary p, Map<String, MemberStatus> byName) {
        Set<MemberName> names = new HashSet<>();
        for (WalSender sender : p.server().senders()) {
            MemberStatus m = byName.get(sender.applicationName().toLowerCase(Locale.ROOT));
            if (m != null && sender.isStreaming()) {
                names.add(m.name());
            }
        }
        return names;
    }

    /// It is to stream from another member that does stream from here.
    private static boolean cascades(
            ClusterView view, MemberStatus member, Set<MemberName> streaming) {
        Set<MemberName> visited = new HashSet<>();
        MemberName from = member.tags().replicateFrom();
        while (from != null && visited.add(from)) {
            if (streaming.contains(from)) {
                return true;
            }
            MemberStatus next = view.member(from);
            from = next == null ? null : next.tags().replicateFrom();
        }
        return false;
    }

    private static @Nullable Lsn position(WalSender sender, String synchronousCommit) {
        return switch (synchronousCommit) {
            case "remote_apply" -> sender.replay();
            case "remote_write" -> sender.write();
            default -> sender.flush();
        };
    }

    /// Present synchronous standbys stay so, unless others have a higher priority; `nofailover`
    /// ones come last.
    private static List<Row> sorted(Map<MemberName, Row> rows) {
        Comparator<Row> best =
                Comparator.comparingInt(Row::priority)
                        .thenComparing(Row::syncState)
                        .thenComparing(Row::position)
                        .reversed()
                        .thenComparing(Row::name);
        return rows.values().stream()
                .sorted(Comparator.comparing(Row::noFailover).thenComparing(best))
                .toList();
    }

    /// Measured against the best of them; a single one against the primary.
    private static List<Row> withinLag(Deliberation d, LocalPostgres.Primary p, List<Row> rows) {
        long limit = d.seen.settings().maximumLagOnSyncnode();
        if (limit <= 0 || rows.isEmpty()) {
            return rows;
        }
        Lsn best =
                rows.size() == 1
                        ? p.position()
                        : rows.stream()
                                .map(Row::position)
                                .max(Comparator.naturalOrder())
                                .orElse(Lsn.ZERO);
        return rows.stream().filter(r -> best.minus(r.position()) <= limit).toList();
    }

    private static Set<MemberName> priorityActive(List<Row> rows, int wanted) {
        return rows.stream()
                .limit(wanted)
                .map(Row::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<MemberName> quorumActive(List<Row> rows, int wanted) {
        List<MemberName> active = new ArrayList<>();
        for (Row row : rows) {
            if (!row.noFailover() || active.size() < wanted) {
                active.add(row.name());
            }
        }
        return new TreeSet<>(active);
    }

    // ---- who has confirmed
    // -------------------------------------------------------------------------------------

    /// A standby is ready once it has all WAL that was there when the setting last changed: from
    /// then on no commit was acknowledged without the setting's consent.
    private static SyncMemory remembered(
            Deliberation d,
            ClusterView view,
            LocalPostgres.Primary p,
            List<Row> rows,
            boolean quorum) {
        SyncMemory before = d.memory.sync;
        SyncNames running = SyncNames.parse(p.synchronousStandbyNames());
        Set<MemberName> listed = running.members();
        Set<MemberName> ready = new HashSet<>(before.ready());
        Lsn safe = before.safe();
        if (!before.names().equals(p.synchronousStandbyNames())) {
            safe = p.position();
            if (quorum) {
                // What another number of them confirmed before, one of them alone may lack.
                ready.clear();
            }
        }
        ready.removeIf(name -> listed.stream().noneMatch(name::sameStandby));
        for (Row row : rows) {
            if (listed.stream().noneMatch(row.name()::sameStandby)) {
                continue;
            }
            boolean reached = !row.position().isBefore(safe);
            boolean inKey =
                    !quorum
                            && view.sync().value().isLeader(d.me())
                            && view.sync().value().lists(row.name());
            boolean counts = row.syncState().equals(quorum ? "quorum" : "sync");
            if (inKey || (reached && counts)) {
                ready.add(row.name());
            }
        }
        return new SyncMemory(p.synchronousStandbyNames(), safe, ready);
    }
}
