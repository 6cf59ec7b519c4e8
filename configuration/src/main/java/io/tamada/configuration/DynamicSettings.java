package io.tamada.configuration;

import static io.tamada.configuration.AgentSettings.ANYTHING;
import static io.tamada.configuration.AgentSettings.FLAG;
import static io.tamada.configuration.AgentSettings.LISTING;
import static io.tamada.configuration.AgentSettings.MAPPING;
import static io.tamada.configuration.AgentSettings.OPTIONAL_TEXT;
import static io.tamada.configuration.AgentSettings.bytes;
import static io.tamada.configuration.AgentSettings.choice;
import static io.tamada.configuration.AgentSettings.number;
import static io.tamada.configuration.AgentSettings.seconds;
import static io.tamada.configuration.Setting.dynamic;

import io.tamada.ha.model.HaTimings;
import java.util.List;

/// The settings that the whole cluster shares in the store, but for those of the section
/// `postgresql`.
final class DynamicSettings {

    static final List<Setting> ALL =
            List.of(
                    dynamic(
                                    "profile",
                                    choice("default", "fast", "wan"),
                                    "What ttl, loop_wait and retry_timeout are when not given:"
                                            + " 30, 10, 10; fast: 5, 1, 2; wan: 60, 10, 20.")
                            .or("default"),
                    dynamic(
                                    "ttl",
                                    number(HaTimings.TTL_MIN, Integer.MAX_VALUE),
                                    "Seconds that the leader lock lives without renewal.")
                            .or("30"),
                    dynamic(
                                    "loop_wait",
                                    number(1, Integer.MAX_VALUE),
                                    "The longest pause, in seconds, between two looks at the world.")
                            .or("10"),
                    dynamic(
                                    "retry_timeout",
                                    number(1, Integer.MAX_VALUE),
                                    "Seconds until an operation on store or PostgreSQL is given up.")
                            .or("10"),
                    dynamic(
                                    "maximum_lag_on_failover",
                                    bytes(0),
                                    "How far behind a member may be and still become leader.")
                            .or("1048576"),
                    dynamic(
                                    "maximum_lag_on_syncnode",
                                    bytes(-1),
                                    "How far behind a synchronous standby may be; -1: no limit.")
                            .or("-1"),
                    dynamic(
                                    "max_timelines_history",
                                    number(0, Integer.MAX_VALUE),
                                    "How many lines the history keeps; 0: all.")
                            .or("0"),
                    dynamic(
                                    "primary_start_timeout",
                                    seconds(0),
                                    "How long a crashed primary may take before another takes over.")
                            .or("300"),
                    dynamic(
                            "master_start_timeout",
                            seconds(0),
                            "The old name of primary_start_timeout."),
                    dynamic(
                                    "primary_stop_timeout",
                                    seconds(0),
                                    "How long a synchronous primary may take to stop.")
                            .or("0"),
                    dynamic(
                            "master_stop_timeout",
                            seconds(0),
                            "The old name of primary_stop_timeout."),
                    dynamic(
                                    "primary_race_backoff",
                                    seconds(0),
                                    "How long the race waits while WAL still moves.")
                            .or("0"),
                    dynamic(
                                    "synchronous_mode",
                                    choice(
                                            "on", "true", "yes", "1", "off", "false", "no", "0",
                                            "quorum"),
                                    "Synchronous replication.")
                            .or("off"),
                    dynamic(
                                    "synchronous_mode_strict",
                                    FLAG,
                                    "No commit without a synchronous standby.")
                            .or("false"),
                    dynamic(
                                    "synchronous_node_count",
                                    number(1, Integer.MAX_VALUE),
                                    "How many synchronous standbys.")
                            .or("1"),
                    dynamic(
                                    "failsafe_mode",
                                    choice(
                                            "on", "true", "yes", "1", "off", "false", "no", "0",
                                            "quorum"),
                                    "Stay primary by consent of all others while the store is silent. `quorum` acts as `on`.")
                            .or("off"),
                    dynamic("check_timeline", FLAG, "Candidates must know the cluster's timeline.")
                            .or("false"),
                    dynamic("pause", FLAG, "Hands off: nothing is done automatically.").or("false"),
                    dynamic("standby_cluster", MAPPING, "The cluster that this one follows."),
                    dynamic(
                            "standby_cluster.host",
                            OPTIONAL_TEXT,
                            "Its host; several, comma-separated."),
                    dynamic("standby_cluster.port", ANYTHING, "Its port."),
                    dynamic(
                            "standby_cluster.primary_slot_name",
                            OPTIONAL_TEXT,
                            "The replication slot to use there."),
                    dynamic(
                            "standby_cluster.create_replica_methods",
                            LISTING,
                            "How to clone from it."),
                    dynamic(
                            "standby_cluster.restore_command",
                            OPTIONAL_TEXT,
                            "Command that fetches WAL from its archive."),
                    dynamic(
                            "standby_cluster.archive_cleanup_command",
                            OPTIONAL_TEXT,
                            "Command that tidies that archive."),
                    dynamic(
                            "standby_cluster.recovery_min_apply_delay",
                            OPTIONAL_TEXT,
                            "How far to stay behind."),
                    dynamic(
                                    "member_slots_ttl",
                                    seconds(0),
                                    "How long slots of vanished members are kept.")
                            .or("1800"),
                    dynamic("slots", MAPPING, "Permanent replication slots, by name."),
                    dynamic("permanent_slots", MAPPING, "An old name of slots."),
                    dynamic("permanent_replication_slots", MAPPING, "An old name of slots."),
                    dynamic("ignore_slots", LISTING, "Slots that are left alone."));

    private DynamicSettings() {}
}
