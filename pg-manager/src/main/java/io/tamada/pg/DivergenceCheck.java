package io.tamada.pg;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.TimelineHistory;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.time.Deadline;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/// Whether the local WAL is a prefix of a primary's history.
final class DivergenceCheck {

    private static final System.Logger LOG = System.getLogger("io.tamada.pg");

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final ServerMemory memory;

    DivergenceCheck(ServerMemory memory) {
        this.memory = memory;
    }

    /// Where the local data ends.
    ///
    /// @param inRecovery it was a standby's; a primary's ends with the shutdown checkpoint that
    ///   begins at `position`
    record Local(Timeline timeline, Lsn position, boolean inRecovery, @Nullable String systemId) {}

    Divergence check(Site site, Upstream source, Deadline by) throws InterruptedException {
        ServerAddress address = RecoverySettings.address(source, site.settings);
        if (address == null) {
            return new Divergence.Undecided("there is no source to compare with");
        }
        try {
            Local local = local(site, by);
            if (local == null) {
                return new Divergence.Undecided("the local data can't tell where it ends");
            }
            return compare(site, local, address, source, by);
        } catch (SQLException e) {
            return new Divergence.Undecided(
                    "the source " + address.urlForm() + " can't be asked: " + Sql.problem(e));
        }
    }

    private @Nullable Local local(Site site, Deadline by) throws InterruptedException {
        Postmaster.Running running = site.postmaster.find();
        if (running != null) {
            Local asked = askRunning(site);
            if (asked != null || running.file().status().equals("ready")) {
                return asked;
            }
        }
        ControlData control = memory.filling ? null : site.control.read(by.remaining());
        return control == null ? null : ofControl(control);
    }

    private static @Nullable Local askRunning(Site site) {
        Sql.Target target = site.local().replicating(Sql.Replication.DATABASE);
        try (Connection connection = Sql.open(target);
                Statement statement = connection.createStatement();
                ResultSet system = statement.executeQuery("IDENTIFY_SYSTEM")) {
            if (!system.next()) {
                return null;
            }
            Timeline timeline = Timeline.of(system.getInt("timeline"));
            String id = system.getString("systemid");
            String replayed =
                    Sql.one(
                            connection,
                            "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END");
            String written =
                    Sql.one(
                            connection,
                            "SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn() END");
            if (replayed != null) {
                return new Local(timeline, Lsn.parse(replayed), true, id);
            }
            // A running primary has written beyond any fork: what it wrote last stands for an end
            // of its own.
            return written == null ? null : new Local(timeline, Lsn.parse(written), true, id);
        } catch (SQLException e) {
            return null;
        }
    }

    static @Nullable Local ofControl(ControlData control) {
        String id = control.systemId().value();
        return switch (control.state()) {
            case SHUT_DOWN -> new Local(control.timeline(), control.checkpoint(), false, id);
            case SHUT_DOWN_IN_RECOVERY, IN_ARCHIVE_RECOVERY ->
                    control.minRecoveryEnd() != null && control.minRecoveryTimeline() != null
                            ? new Local(
                                    control.minRecoveryTimeline(),
                                    control.minRecoveryEnd(),
                                    true,
                                    id)
                            : new Local(control.timeline(), control.checkpoint(), false, id);
            case STARTING_UP, SHUTTING_DOWN, IN_CRASH_RECOVERY, IN_PRODUCTION, UNKNOWN -> null;
        };
    }

    private static Divergence compare(
            Site site, Local local, ServerAddress address, Upstream source, Deadline by)
            throws SQLException, InterruptedException {
        String refused = SourceCheck.refusal(site, address);
        if (refused != null) {
            return new Divergence.Undecided(refused);
        }
        Sql.Target target =
                site.target(address, site.settings.replication, site.settings.database)
                        .replicating(Sql.Replication.PHYSICAL);
        try (Connection connection = Sql.open(target);
                Statement statement = connection.createStatement()) {
            Timeline theirs;
            try (ResultSet system = statement.executeQuery("IDENTIFY_SYSTEM")) {
                if (!system.next()) {
                    return new Divergence.Undecided("the source said nothing of its timeline");
                }
                theirs = Timeline.of(system.getInt("timeline"));
                String id = system.getString("systemid");
                if (local.systemId() != null && !local.systemId().equals(id)) {
                    return new Divergence.Undecided(
                            "the source "
                                    + source
                                    + " is another cluster: its system identifier is "
                                    + id
                                    + ", ours "
                                    + local.systemId());
                }
            }
            if (theirs.isBefore(local.timeline())) {
                return diverged(
                        "our timeline "
                                + local.timeline()
                                + " is younger than the source's "
                                + theirs);
            }
            TimelineHistory history = history(statement, theirs);
            String branch = otherBranch(site.data.history(local.timeline()), history);
            if (branch != null) {
                return new Divergence.Diverged(branch, !theirs.equals(local.timeline()));
            }
            if (beganAlikeButDiffers(site, address, local, history)) {
                return new Divergence.Diverged(
                        "our timeline "
                                + local.timeline()
                                + " began where the source's did, with another promotion",
                        false);
            }
            if (theirs.equals(local.timeline())) {
                return new Divergence.None();
            }
            return judge(site, local, history, by);
        }
    }

    /// Two members may have been promoted to the same timeline number, one after the other, when
    /// nobody streamed from the first. PostgreSQL itself tells timelines apart by number only, so
    /// the histories are compared.
    ///
    /// @return null when ours is how theirs began, or when it can't be told
    static @Nullable String otherBranch(@Nullable TimelineHistory ours, TimelineHistory theirs) {
        if (ours == null) {
            return null;
        }
        int shared = Math.min(ours.switches().size(), theirs.switches().size());
        for (int i = 0; i < shared; i++) {
            TimelineHistory.Switch a = ours.switches().get(i);
            TimelineHistory.Switch b = theirs.switches().get(i);
            if (a.parent().equals(b.parent()) && !a.at().equals(b.at())) {
                return "our timeline "
                        + a.parent()
                        + " ended at "
                        + a.at()
                        + ", the source's at "
                        + b.at();
            }
        }
        return null;
    }

    /// @param history the source's
    private static boolean beganAlikeButDiffers(
            Site site, ServerAddress address, Local local, TimelineHistory history)
            throws SQLException {
        TimelineHistory ours = site.data.history(local.timeline());
        if (ours == null || ours.switches().isEmpty()) {
            return false;
        }
        Lsn fork = ours.switches().getLast().at();
        try (Connection source = Sql.open(SourceCheck.target(site, address))) {
            String written = Sql.one(source, "SELECT pg_current_wal_flush_lsn()");
            Lsn end = endOf(local.timeline(), history, written == null ? fork : Lsn.parse(written));
            Lsn common = end.isBefore(local.position()) ? end : local.position();
            return new BranchStart(local.timeline(), fork, common).differs(site.data, source);
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "the role for rewinding may not read files of the source {0}: {1}",
                        address.urlForm(),
                        Sql.problem(e));
                return false;
            }
            throw e;
        }
    }

    /// Where the source left a timeline, or where it is when it is still on it.
    private static Lsn endOf(Timeline timeline, TimelineHistory history, Lsn now) {
        for (TimelineHistory.Switch s : history.switches()) {
            if (s.parent().equals(timeline)) {
                return s.at();
            }
        }
        return now;
    }

    private static TimelineHistory history(Statement statement, Timeline timeline)
            throws SQLException {
        if (timeline.value() == 1) {
            return TimelineHistory.EMPTY;
        }
        try (ResultSet rows = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
            String content = rows.next() ? rows.getString(2) : null;
            return content == null ? TimelineHistory.EMPTY : DataDirectory.parseHistory(content);
        }
    }

    private static Divergence judge(Site site, Local local, TimelineHistory history, Deadline by)
            throws InterruptedException {
        for (TimelineHistory.Switch s : history.switches()) {
            if (s.parent().isBefore(local.timeline())) {
                continue;
            }
            if (s.parent().isAfter(local.timeline())) {
                return diverged(
                        "our timeline " + local.timeline() + " is not in the source's history");
            }
            if (local.inRecovery()) {
                return local.position().isAfter(s.at())
                        ? diverged(
                                "we are at "
                                        + local.position()
                                        + ", the source left timeline "
                                        + s.parent()
                                        + " at "
                                        + s.at())
                        : new Divergence.None();
            }
            if (!local.position().isBefore(s.at())) {
                return diverged(
                        "our shutdown checkpoint at "
                                + local.position()
                                + " lies beyond the fork at "
                                + s.at());
            }
            Lsn end =
                    new WalRecords(site.data, site.binaries, site.runner)
                            .endOfLast(local.timeline(), local.position(), by.remaining());
            return s.at().equals(end)
                    ? new Divergence.None()
                    : diverged(
                            "our WAL ends at "
                                    + end
                                    + ", the source left timeline "
                                    + s.parent()
                                    + " at "
                                    + s.at());
        }
        return diverged("our timeline " + local.timeline() + " is not in the source's history");
    }

    private static Divergence diverged(String reason) {
        return new Divergence.Diverged(reason);
    }
}
