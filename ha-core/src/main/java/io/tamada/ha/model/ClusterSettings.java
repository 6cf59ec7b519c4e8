package io.tamada.ha.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The dynamic configuration that all members share, understood.
///
/// Made from the `/config` key. A value that can't be understood falls back to its default and is
/// named in [#problems()]: nothing that others wrote stops the engine.
///
/// @param document the configuration as stored, with what we don't understand
/// @param problems sentences about values that were not taken as written
public record ClusterSettings(
        ConfigDocument document,
        HaTimings timings,
        long maximumLagOnFailover,
        long maximumLagOnSyncnode,
        int maxTimelinesHistory,
        Duration primaryStartTimeout,
        Duration primaryStopTimeout,
        Duration primaryRaceBackoff,
        ReplicationMode replication,
        FailsafeMode failsafe,
        boolean checkTimeline,
        boolean paused,
        @Nullable StandbyCluster standbyCluster,
        Duration memberSlotsTtl,
        boolean useSlots,
        Map<String, SlotDefinition> permanentSlots,
        List<SlotDefinition.Matcher> ignoreSlots,
        List<String> problems) {

    public static final ClusterSettings DEFAULT = of(ConfigDocument.EMPTY);

    private static final Pattern SLOT_NAME = Pattern.compile("[a-z0-9_]{1,63}");

    public ClusterSettings {
        permanentSlots = Map.copyOf(permanentSlots);
        ignoreSlots = List.copyOf(ignoreSlots);
        problems = List.copyOf(problems);
    }

    public boolean isStandbyCluster() {
        return standbyCluster != null;
    }

    /// Reads a configuration document; never fails.
    public static ClusterSettings of(ConfigDocument document) {
        Reader r = new Reader(document);
        TimingProfile profile = r.profile();
        HaTimings.Adjusted timings =
                HaTimings.adjusted(
                        r.number("ttl", profile.ttl(), 0),
                        r.number("loop_wait", profile.loopWait(), 0),
                        r.number("retry_timeout", profile.retryTimeout(), 0));
        r.problems.addAll(timings.notes());
        StandbyCluster standby = StandbyCluster.of(document.section("standby_cluster"));
        return new ClusterSettings(
                document,
                timings.timings(),
                r.bytes("maximum_lag_on_failover", 1_048_576, 0),
                r.bytes("maximum_lag_on_syncnode", -1, -1),
                (int) r.number("max_timelines_history", 0, 0),
                r.seconds(300, "primary_start_timeout", "master_start_timeout"),
                r.seconds(0, "primary_stop_timeout", "master_stop_timeout"),
                r.seconds(0, "primary_race_backoff"),
                standby != null ? ReplicationMode.asynchronous() : r.replication(),
                r.failsafe(),
                r.flag("check_timeline", false),
                r.flag("pause", false),
                standby,
                r.seconds(1800, "member_slots_ttl"),
                Values.bool(document.at("postgresql", "use_slots")).orElse(true),
                r.permanentSlots(),
                r.ignoreSlots(),
                r.problems);
    }

    private static final class Reader {
        /// Counts and seconds: what is beyond can't be reckoned with (in nanoseconds) nor is meant.
        private static final long MOST = Integer.MAX_VALUE;

        private final ConfigDocument document;
        private final List<String> problems = new ArrayList<>();

        Reader(ConfigDocument document) {
            this.document = document;
        }

        private long checked(
                String key, OptionalLong read, long fallback, long min, long max, String form) {
            Object raw = document.at(key);
            if (raw == null) {
                return fallback;
            }
            if (read.isEmpty() || read.getAsLong() < min || read.getAsLong() > max) {
                problems.add(
                        key
                                + ": "
                                + raw
                                + " is not "
                                + form
                                + " of at least "
                                + min
                                + (max == Long.MAX_VALUE ? "" : " and at most " + max)
                                + ": using "
                                + fallback);
                return fallback;
            }
            return read.getAsLong();
        }

        long number(String key, long fallback, long min) {
            return checked(key, Values.integer(document.at(key)), fallback, min, MOST, "a number");
        }

        long bytes(String key, long fallback, long min) {
            return checked(
                    key, Values.bytes(document.at(key)), fallback, min, Long.MAX_VALUE, "a size");
        }

        /// The first of the names that is present counts.
        Duration seconds(long fallback, String... names) {
            for (String name : names) {
                if (document.at(name) != null) {
                    return Duration.ofSeconds(
                            checked(
                                    name,
                                    Values.seconds(document.at(name)),
                                    fallback,
                                    0,
                                    MOST,
                                    "a time in seconds"));
                }
            }
            return Duration.ofSeconds(fallback);
        }

        boolean flag(String key, boolean fallback) {
            Object raw = document.at(key);
            if (raw == null) {
                return fallback;
            }
            return Values.bool(raw)
                    .orElseGet(() -> {
                        problems.add(
                                key + ": " + raw + " is neither true nor false: using " + fallback);
                        return fallback;
                    });
        }

        TimingProfile profile() {
            Object raw = document.at("profile");
            if (raw == null) {
                return TimingProfile.DEFAULT;
            }
            return TimingProfile.named(raw.toString())
                    .orElseGet(() -> {
                        problems.add(
                                "profile: "
                                        + raw
                                        + " is none of default, fast, wan: using default");
                        return TimingProfile.DEFAULT;
                    });
        }

        ReplicationMode replication() {
            Object raw = document.at("synchronous_mode");
            boolean quorum = raw != null && raw.toString().equalsIgnoreCase("quorum");
            if (!quorum && !flag("synchronous_mode", false)) {
                return ReplicationMode.asynchronous();
            }
            boolean strict = flag("synchronous_mode_strict", false);
            int count = (int) number("synchronous_node_count", 1, 1);
            return quorum
                    ? new ReplicationMode.Quorum(count, strict)
                    : new ReplicationMode.Priority(count, strict);
        }

        FailsafeMode failsafe() {
            Object raw = document.at("failsafe_mode");
            if (raw != null && raw.toString().equalsIgnoreCase("quorum")) {
                problems.add(
                        "failsafe_mode: quorum is not in force yet, the rule of true is: without the"
                                + " store a primary stays only while every other member consents");
                return FailsafeMode.QUORUM;
            }
            return flag("failsafe_mode", false) ? FailsafeMode.ALL : FailsafeMode.OFF;
        }

        Map<String, SlotDefinition> permanentSlots() {
            Map<String, SlotDefinition> result = new LinkedHashMap<>();
            for (String key : List.of("permanent_replication_slots", "permanent_slots", "slots")) {
                if (document.at(key) instanceof Map<?, ?> map && !map.isEmpty()) {
                    map.forEach((name, value) -> {
                        SlotDefinition slot = SlotDefinition.of(value);
                        if (slot == null || !SLOT_NAME.matcher(String.valueOf(name)).matches()) {
                            problems.add(
                                    key
                                            + "."
                                            + name
                                            + ": neither a physical slot nor a logical one with database"
                                            + " and plugin, or not a name of [a-z0-9_]{1,63}: ignored");
                        } else {
                            result.put(String.valueOf(name), slot);
                        }
                    });
                    break;
                }
            }
            return result;
        }

        List<SlotDefinition.Matcher> ignoreSlots() {
            List<SlotDefinition.Matcher> result = new ArrayList<>();
            if (document.at("ignore_slots") instanceof List<?> list) {
                for (Object item : list) {
                    if (item instanceof Map<?, ?> m) {
                        result.add(
                                new SlotDefinition.Matcher(
                                        text(m, "name"),
                                        text(m, "type"),
                                        text(m, "database"),
                                        text(m, "plugin")));
                    } else {
                        problems.add("ignore_slots: " + item + " is not a mapping: ignored");
                    }
                }
            }
            return result;
        }

        private static @Nullable String text(Map<?, ?> map, String key) {
            Object value = map.get(key);
            return value == null ? null : value.toString();
        }
    }
}
