package io.tamada.pg;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.SlotNames;
import io.tamada.ha.model.StandbyCluster;
import io.tamada.ha.model.Upstream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How a server in recovery gets its WAL.
///
/// @param parameters `primary_conninfo` and its like, by name
/// @param passfile the lines that the pgpass file must have; empty for none
record RecoverySettings(Map<String, String> parameters, String passfile) {

    /// Every parameter that belongs to recovery; never written among the others.
    static final Set<String> NAMES =
            Set.of(
                    "archive_cleanup_command",
                    "pause_at_recovery_target",
                    "primary_conninfo",
                    "primary_slot_name",
                    "promote_trigger_file",
                    "recovery_end_command",
                    "recovery_min_apply_delay",
                    "recovery_target",
                    "recovery_target_action",
                    "recovery_target_inclusive",
                    "recovery_target_lsn",
                    "recovery_target_name",
                    "recovery_target_time",
                    "recovery_target_timeline",
                    "recovery_target_xid",
                    "restore_command",
                    "standby_mode",
                    "trigger_file");

    RecoverySettings {
        parameters = java.util.Collections.unmodifiableMap(new TreeMap<>(parameters));
    }

    /// For a standby.
    static RecoverySettings standby(
            PostgresSettings settings,
            ClusterSettings cluster,
            PgVersion version,
            Upstream upstream,
            boolean leading) {
        Map<String, String> p = new TreeMap<>();
        Map<String, String> wanted = new TreeMap<>(settings.recoveryConf);
        Map<String, String> generic = settings.parameters.base();
        if (generic != null && generic.keySet().stream().anyMatch(NAMES::contains)) {
            wanted.clear();
            generic.forEach((name, value) -> {
                if (NAMES.contains(name)) {
                    wanted.put(name, value);
                }
            });
        }
        wanted.forEach((name, value) -> {
            if (!name.startsWith("recovery_target") && !name.equals("standby_mode")) {
                p.put(name, value);
            }
        });
        if (version.atLeast(120_000)) {
            // Whatever an included file says, a standby has no target.
            for (String target : Set.of("", "_name", "_time", "_xid", "_lsn")) {
                p.put("recovery_target" + target, "");
            }
        } else {
            p.put("standby_mode", "on");
        }
        p.put("recovery_target_timeline", "latest");
        StandbyCluster remote = cluster.standbyCluster();
        if (remote != null) {
            putIfPresent(p, "restore_command", remote.restoreCommand());
            putIfPresent(p, "archive_cleanup_command", remote.archiveCleanupCommand());
            if (leading) {
                putIfPresent(p, "recovery_min_apply_delay", remote.recoveryMinApplyDelay());
            }
        }
        String passfile = "";
        ServerAddress source = address(upstream, settings);
        if (source != null) {
            passfile = Pgpass.lines(source, settings.replication);
            p.put(
                    "primary_conninfo",
                    conninfo(settings, version, upstream, source, !passfile.isEmpty()));
            String slot = slotName(settings, cluster, upstream);
            if (slot != null) {
                p.put("primary_slot_name", slot);
            }
        }
        return new RecoverySettings(p, passfile);
    }

    /// For a start that recovers to a point and then goes on as a primary.
    static RecoverySettings pointInTime(Map<String, String> recoveryConf) {
        return new RecoverySettings(recoveryConf, "");
    }

    private static void putIfPresent(
            Map<String, String> into, String name, @Nullable String value) {
        if (value != null) {
            into.put(name, value);
        }
    }

    /// Where the source listens; null when there is none.
    static @Nullable ServerAddress address(Upstream upstream, PostgresSettings settings) {
        return switch (upstream) {
            case Upstream.None() -> null;
            case Upstream.Member(var name, var url) ->
                    name.equals(settings.name) ? null : ServerAddress.ofUrl(url);
            case Upstream.Remote(StandbyCluster source) ->
                    source.host() == null
                            ? null
                            : new ServerAddress(
                                    source.host(),
                                    Integer.toString(
                                            source.port() == null
                                                    ? ServerAddress.DEFAULT_PORT
                                                    : source.port()));
        };
    }

    private static @Nullable String slotName(
            PostgresSettings settings, ClusterSettings cluster, Upstream upstream) {
        return switch (upstream) {
            case Upstream.None() -> null;
            case Upstream.Member _ -> cluster.useSlots() ? SlotNames.of(settings.name) : null;
            case Upstream.Remote(StandbyCluster source) -> source.primarySlotName();
        };
    }

    private static String conninfo(
            PostgresSettings settings,
            PgVersion version,
            Upstream upstream,
            ServerAddress source,
            boolean passfile) {
        ConnInfo info =
                ConnInfo.to(source, settings.replication, settings.database)
                        .put("application_name", settings.name.value())
                        .putIfAbsent("sslmode", "prefer")
                        .putIfAbsent("gssencmode", "prefer")
                        .putIfAbsent("channel_binding", "prefer")
                        .putIfAbsent("sslnegotiation", "postgres")
                        .put("krbsrvname", settings.krbsrvname);
        if (passfile && version.atLeast(100_000)) {
            info.put("passfile", settings.pgpass.toString());
        } else if (settings.replication.password() != null) {
            info.put("password", settings.replication.password().reveal());
        }
        boolean severalHosts = source.host().contains(",");
        if (upstream instanceof Upstream.Remote(StandbyCluster remote)
                && severalHosts
                && remote.primarySlotName() != null) {
            info.put("target_session_attrs", "read-write");
        }
        return info.text(version);
    }
}
