package io.tamada.pg;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Whether another server may be compared with or rewound from: only a primary may.
final class SourceCheck {

    private static final String ON_ONE_TIMELINE =
            "SELECT timeline_id = ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int"
                    + " FROM pg_control_checkpoint()";

    private SourceCheck() {}

    static Sql.Target target(Site site, ServerAddress address) {
        Sql.Target target = site.target(address, site.settings.rewind, site.settings.database);
        boolean several = address.host().contains(",");
        return new Sql.Target(
                target.address(),
                target.database(),
                target.role(),
                target.applicationName(),
                Sql.Replication.NO,
                several,
                target.answerTimeout(),
                target.statementTimeout());
    }

    /// Null when it is a primary, else why it can't be used.
    static @Nullable String refusal(Site site, ServerAddress address) throws SQLException {
        try (Connection connection = Sql.open(target(site, address))) {
            return "f".equals(Sql.one(connection, "SELECT pg_is_in_recovery()"))
                    ? null
                    : "the source " + address.urlForm() + " is in recovery";
        }
    }

    /// Null when its control file knows of its timeline, without which a rewind would copy from a
    /// wrong place; a checkpoint is made if we may.
    static @Nullable String notCheckpointed(Site site, ServerAddress address)
            throws SQLException, InterruptedException {
        try (Connection connection = Sql.open(target(site, address))) {
            if (!"f".equals(Sql.one(connection, "SELECT pg_is_in_recovery()"))) {
                return "the source " + address.urlForm() + " is in recovery";
            }
            if ("t".equals(Sql.one(connection, ON_ONE_TIMELINE))) {
                return null;
            }
            boolean superuser =
                    "t"
                            .equals(
                                    Sql.one(
                                            connection,
                                            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"));
            if (superuser
                    && Checkpoint.run(target(site, address), java.time.Duration.ofMinutes(30))) {
                return null;
            }
        }
        return "the source " + address.urlForm() + " has made no checkpoint since its promotion";
    }
}
