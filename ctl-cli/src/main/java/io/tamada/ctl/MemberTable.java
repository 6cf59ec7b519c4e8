package io.tamada.ctl;

import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberStatus;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The table of a cluster's members, as `list`, `topology` and the dialogues of other commands show
/// it. Pure.
///
/// @param cluster the cluster's name
/// @param groups one for each Citus group; a single one without Citus
/// @param citus true when the configuration names Citus
/// @param group the group that was asked for; null for all
record MemberTable(
        String cluster,
        List<GroupView> groups,
        boolean citus,
        @Nullable Integer group,
        ZoneId zone) {

    private static final long MEGABYTE = 1 << 20;
    private static final int REASON_SHOWN_MAX = 50;
    private static final List<String> EXTENDED =
            List.of("Pending restart", "Pending restart reason", "Scheduled restart", "Tags");

    /// @param topology indents each member below the one it replicates from
    /// @param extended shows also the columns that are empty
    /// @param forPeople shortens what would make a table too wide
    Table table(boolean topology, boolean extended, boolean forPeople) {
        List<Table.Column> columns =
                List.of(
                        Table.Column.left("Cluster"),
                        Table.Column.right("Group"),
                        Table.Column.left("Member"),
                        Table.Column.left("Host"),
                        Table.Column.left("Role"),
                        Table.Column.left("State"),
                        Table.Column.right("TL"),
                        Table.Column.right("Receive LSN"),
                        new Table.Column("Receive Lag", "Lag", true),
                        Table.Column.right("Replay LSN"),
                        new Table.Column("Replay Lag", "Lag", true),
                        Table.Column.left("Pending restart"),
                        Table.Column.left("Pending restart reason"),
                        Table.Column.left("Scheduled restart"),
                        Table.Column.left("Tags"));
        List<List<Object>> rows = new ArrayList<>();
        boolean ports = portsAreNeeded();
        for (GroupView view : groups) {
            for (Topology.Placed placed : topology ? Topology.of(view) : Topology.flat(view)) {
                rows.add(row(view, placed, ports, forPeople, topology));
            }
        }
        Table full = new Table(columns, rows);
        List<String> dropped = new ArrayList<>();
        if (!citus) {
            dropped.add("Group");
        }
        if (!extended) {
            EXTENDED.stream()
                    .filter(t -> full.maps(true).stream().noneMatch(m -> m.containsKey(t)))
                    .forEach(dropped::add);
        }
        if (forPeople) {
            dropped.add("Cluster");
            if (group != null) {
                dropped.add("Group");
            }
        }
        return full.without(dropped);
    }

    private List<Object> row(
            GroupView view,
            Topology.Placed placed,
            boolean ports,
            boolean forPeople,
            boolean flowTags) {
        MemberStatus m = placed.member();
        HostPort address = HostPort.of(m.connUrl());
        Positions at = Positions.of(view, m);
        String host = address == null ? "" : ports ? address.toString() : address.host();
        Object tags = m.tags().all().isEmpty() ? "" : m.tags().all();
        return List.of(
                cluster,
                view.group() == null ? "" : view.group(),
                placed.shownName(),
                host,
                title(view.role(m)),
                view.state(m),
                m.timeline() == null ? "" : m.timeline().value(),
                at.received,
                at.receiveLag,
                at.replayed,
                at.replayLag,
                m.isRestartPending() ? "*" : "",
                reasons(m, forPeople),
                scheduledRestart(m),
                flowTags && !tags.equals("") ? YamlText.flow(tags) : tags);
    }

    private boolean portsAreNeeded() {
        Set<String> hosts = new HashSet<>();
        return groups.stream()
                .flatMap(g -> g.members().stream())
                .map(m -> HostPort.of(m.connUrl()))
                .filter(Objects::nonNull)
                .anyMatch(a -> a.port() != HostPort.POSTGRES_PORT || !hosts.add(a.host()));
    }

    private static String title(String role) {
        StringBuilder out = new StringBuilder();
        for (String word : role.split("_", -1)) {
            out.append(out.isEmpty() ? "" : " ")
                    .append(word.substring(0, 1).toUpperCase(java.util.Locale.ROOT));
            out.append(word.substring(1));
        }
        return out.toString();
    }

    private static String reasons(MemberStatus member, boolean forPeople) {
        List<String> lines = new ArrayList<>();
        member.pendingRestart()
                .reasons()
                .forEach((guc, change) -> {
                    String line = guc + ": " + change.oldValue() + "->" + change.newValue();
                    lines.add(
                            forPeople && line.length() > REASON_SHOWN_MAX
                                    ? guc + ": [hidden - too long]"
                                    : line);
                });
        return String.join("\n", lines);
    }

    private String scheduledRestart(MemberStatus member) {
        var restart = member.scheduledRestart();
        if (restart == null) {
            return "";
        }
        String version = restart.filter().belowVersion();
        String at = Moments.iso(restart.at().atZone(zone).toOffsetDateTime());
        return version == null ? at : at + " if version < " + version;
    }

    /// The text of the first rule.
    String header() {
        if (citus && group == null) {
            return " Citus cluster: " + cluster + " ";
        }
        String id =
                switch (groups.isEmpty()
                        ? new Initialization.Absent()
                        : groups.getFirst().view().initialization()) {
                    case Initialization.Absent _ -> "uninitialized";
                    case Initialization.InProgress _ -> "initializing";
                    case Initialization.Done(var systemId) -> systemId.value();
                    case Initialization.Unreadable(String text) -> text;
                };
        return citus
                ? " Citus cluster: %s (group: %d, %s) ".formatted(cluster, group, id)
                : " Cluster: %s (%s) ".formatted(cluster, id);
    }

    /// A member's positions and how far they are behind the leader's, ready to be shown.
    private record Positions(
            Object received, Object receiveLag, Object replayed, Object replayLag) {

        private static final Positions NONE = new Positions("", "", "", "");

        static Positions of(GroupView view, MemberStatus member) {
            if (view.isLeader(member)) {
                return NONE;
            }
            Lsn received = member.received();
            Lsn replayed = member.replayed();
            Lsn only = member.position();
            if (received == null && replayed == null && only != null) {
                boolean streaming = "streaming".equals(member.replicationState());
                received = streaming ? only : null;
                replayed = streaming ? null : only;
            }
            Lsn leader = view.view().status().optime();
            return new Positions(
                    text(received), lag(leader, received), text(replayed), lag(leader, replayed));
        }

        private static Object text(@Nullable Lsn lsn) {
            return lsn == null || lsn.isZero() ? "unknown" : lsn.toString();
        }

        private static Object lag(Lsn leader, @Nullable Lsn lsn) {
            if (lsn == null || lsn.isZero()) {
                return "";
            }
            return Math.round(Math.max(0, leader.minus(lsn)) / (double) MEGABYTE);
        }
    }

    /// Lines below the table: maintenance mode and a scheduled switchover.
    String footer() {
        return Footer.of(this);
    }
}
