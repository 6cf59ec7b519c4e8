package io.tamada.pg;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.SlotFacts;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.WalSender;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Asks the local server what it does: three short statements in one round trip, on a connection
/// that is kept.
final class SqlProbe implements AutoCloseable {

    /// "the database system is starting up", "… is shutting down", "… is in recovery mode".
    private static final String CANNOT_CONNECT_NOW = "57P03";

    private static final String TOO_MANY_CONNECTIONS = "53300";

    private final ReentrantLock calls = new ReentrantLock();
    private @Nullable Connection connection;
    private @Nullable String queries;
    private int version;

    /// The postmaster lives, and takes no connections yet or any more.
    static boolean isStarting(SQLException e) {
        return CANNOT_CONNECT_NOW.equals(e.getSQLState());
    }

    sealed interface Result {
        record Answered(Facts facts) implements Result {}

        /// It lives and takes no connections for now.
        record NotYet() implements Result {}

        /// It lives and works: all its connections are taken, ours not being among them.
        record Full(String problem) implements Result {}

        /// It didn't answer, or not with what was asked for.
        ///
        /// @param problem in the server's or the driver's words
        record Failed(String problem) implements Result {}
    }

    /// @param timeline of a primary; 0 on a standby
    /// @param controlTimeline of the latest checkpoint
    /// @param position flushed WAL of a primary; null on a standby
    /// @param receiver null when no WAL receiver runs
    record Facts(
            int version,
            boolean standby,
            SystemId systemId,
            Instant startedAt,
            int timeline,
            int controlTimeline,
            @Nullable Lsn position,
            Lsn received,
            Lsn replayed,
            @Nullable Instant replayedAt,
            boolean replayPaused,
            boolean rewindable,
            String synchronousStandbyNames,
            String synchronousCommit,
            String primaryConninfo,
            boolean restoresFromArchive,
            @Nullable Receiver receiver,
            List<WalSender> senders,
            Map<String, SlotFacts> slots) {}

    record Receiver(long pid, String status, int timeline, @Nullable Lsn sourceEnd) {}

    /// Asks; the connection is made or made anew when needed.
    Result ask(Sql.Target target, Duration atMost) {
        calls.lock();
        try {
            return askOnce(target, atMost);
        } finally {
            calls.unlock();
        }
    }

    private Result askOnce(Sql.Target target, Duration atMost) {
        boolean fresh = connection == null;
        try {
            return new Result.Answered(query(target, atMost));
        } catch (SQLException e) {
            drop();
            if (isStarting(e)) {
                return new Result.NotYet();
            }
            if (TOO_MANY_CONNECTIONS.equals(e.getSQLState())) {
                return new Result.Full(Sql.problem(e));
            }
            boolean brokenBefore = !fresh && isConnectionLoss(e);
            // The server was restarted behind the kept connection, or ended it: one new attempt.
            return brokenBefore ? askOnce(target, atMost) : new Result.Failed(Sql.problem(e));
        }
    }

    private static boolean isConnectionLoss(SQLException e) {
        String state = e.getSQLState();
        boolean timeout = e.getCause() instanceof java.net.SocketTimeoutException;
        return !timeout && state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    private Facts query(Sql.Target target, Duration atMost) throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = Sql.open(target);
            connection = open;
            version =
                    Integer.parseInt(
                            String.valueOf(
                                    Sql.one(open, "SELECT current_setting('server_version_num')")));
            queries = queries(version);
        }
        open.setNetworkTimeout(Runnable::run, (int) Math.max(100, atMost.toMillis()));
        try (Statement statement = open.createStatement()) {
            statement.execute(String.valueOf(queries));
            List<WalSender> senders = new ArrayList<>();
            Map<String, SlotFacts> slots = new HashMap<>();
            try (ResultSet rows = statement.getResultSet()) {
                rows.next();
                Facts facts = facts(rows, senders, slots);
                statement.getMoreResults(Statement.KEEP_CURRENT_RESULT);
                readSenders(statement, senders);
                statement.getMoreResults(Statement.KEEP_CURRENT_RESULT);
                try (ResultSet slotRows = statement.getResultSet()) {
                    readSlots(slotRows, slots);
                }
                return facts;
            }
        }
    }

    private Facts facts(ResultSet r, List<WalSender> senders, Map<String, SlotFacts> slots)
            throws SQLException {
        long receiverPid = r.getLong("receiver_pid");
        Receiver receiver =
                r.wasNull() || r.getString("receiver_status") == null
                        ? null
                        : new Receiver(
                                receiverPid,
                                text(r, "receiver_status"),
                                r.getInt("received_tli"),
                                lsn(r, "latest_end_lsn"));
        Lsn received = zeroIfNull(lsn(r, "received"));
        Lsn written = zeroIfNull(lsn(r, "written"));
        OffsetDateTime replayedAt = r.getObject("replayed_at", OffsetDateTime.class);
        return new Facts(
                version,
                r.getBoolean("standby"),
                new SystemId(text(r, "system_id")),
                r.getObject("started", OffsetDateTime.class).toInstant(),
                r.getInt("timeline"),
                r.getInt("control_timeline"),
                lsn(r, "position"),
                Lsn.max(received, written),
                zeroIfNull(lsn(r, "replayed")),
                replayedAt == null ? null : replayedAt.toInstant(),
                r.getBoolean("paused"),
                r.getBoolean("rewindable"),
                text(r, "sync_names"),
                text(r, "sync_commit"),
                text(r, "conninfo"),
                r.getBoolean("archive"),
                receiver,
                senders,
                slots);
    }

    private static void readSenders(Statement statement, List<WalSender> into) throws SQLException {
        try (ResultSet r = statement.getResultSet()) {
            while (r.next()) {
                into.add(
                        new WalSender(
                                text(r, "application_name"),
                                text(r, "usename"),
                                r.getString("client"),
                                text(r, "state"),
                                text(r, "sync_state"),
                                r.getInt("sync_priority"),
                                lsn(r, "write_lsn"),
                                lsn(r, "flush_lsn"),
                                lsn(r, "replay_lsn")));
            }
        }
    }

    static void readSlots(ResultSet r, Map<String, SlotFacts> into) throws SQLException {
        while (r.next()) {
            into.put(
                    text(r, "slot_name"),
                    new SlotFacts(
                            r.getBoolean("logical"),
                            r.getBoolean("active"),
                            lsn(r, "position"),
                            r.getString("database"),
                            r.getString("plugin"),
                            r.getBoolean("holds_xmin"),
                            r.getBoolean("failover"),
                            r.getBoolean("synced"),
                            r.getBoolean("lost")));
        }
    }

    static String text(ResultSet r, String column) throws SQLException {
        String value = r.getString(column);
        return value == null ? "" : value;
    }

    static @Nullable Lsn lsn(ResultSet r, String column) throws SQLException {
        String value = r.getString(column);
        return value == null ? null : Lsn.parse(value);
    }

    private static Lsn zeroIfNull(@Nullable Lsn lsn) {
        return lsn == null ? Lsn.ZERO : lsn;
    }

    static String queries(int version) {
        return facts(version) + ";" + SENDERS + ";" + slots(version);
    }

    private static String facts(int version) {
        String written = version >= 130_000 ? "w.written_lsn" : "w.received_lsn";
        String conninfo =
                version >= 120_000
                        ? "current_setting('primary_conninfo')"
                        : "coalesce(w.conninfo, '')";
        String archive = version >= 120_000 ? "current_setting('restore_command') <> ''" : "false";
        return """
        SELECT r.standby, s.system_identifier::text AS system_id, pg_postmaster_start_time() AS started,
            CASE WHEN r.standby THEN 0 ELSE
                ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::int END AS timeline,
            c.timeline_id AS control_timeline,
            CASE WHEN r.standby THEN NULL ELSE pg_current_wal_flush_lsn()::text END AS position,
            pg_last_wal_receive_lsn()::text AS received, %s::text AS written,
            pg_last_wal_replay_lsn()::text AS replayed, pg_last_xact_replay_timestamp() AS replayed_at,
            CASE WHEN r.standby THEN pg_is_wal_replay_paused() ELSE false END AS paused,
            current_setting('wal_log_hints') = 'on' OR current_setting('data_checksums') = 'on' AS rewindable,
            current_setting('synchronous_standby_names') AS sync_names,
            current_setting('synchronous_commit') AS sync_commit,
            %s AS conninfo, %s AS archive,
            w.pid AS receiver_pid, w.status AS receiver_status, w.received_tli,
            w.latest_end_lsn::text AS latest_end_lsn
        FROM (SELECT pg_is_in_recovery() AS standby) r
            CROSS JOIN pg_control_system() s CROSS JOIN pg_control_checkpoint() c
            LEFT JOIN pg_stat_wal_receiver w ON true\
        """
                .formatted(written, conninfo, archive);
    }

    private static final String SENDERS =
            """
            SELECT application_name, usename::text AS usename, host(client_addr) AS client, state, sync_state,
                sync_priority, write_lsn::text AS write_lsn, flush_lsn::text AS flush_lsn, replay_lsn::text AS replay_lsn
            FROM pg_stat_replication\
            """;

    static String slots(int version) {
        return """
        SELECT slot_name::text, slot_type = 'logical' AS logical, active, database::text, plugin::text,
            coalesce(confirmed_flush_lsn, restart_lsn)::text AS position, xmin IS NOT NULL AS holds_xmin,
            %s AS failover, %s AS synced, %s AS lost
        FROM pg_replication_slots WHERE NOT temporary\
        """
                .formatted(
                        version >= 170_000 ? "failover" : "false",
                        version >= 170_000 ? "synced" : "false",
                        version >= 130_000 ? "coalesce(wal_status = 'lost', false)" : "false");
    }

    /// Lets go of the connection without waiting for the server.
    void drop() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException e) {
                // It is gone either way.
            }
        }
    }

    @Override
    public void close() {
        calls.lock();
        try {
            Connection open = connection;
            connection = null;
            Sql.closeQuietly(open);
        } finally {
            calls.unlock();
        }
    }
}
