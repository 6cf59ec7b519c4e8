package io.tamada.dcs.raft;

import io.tamada.dcs.raft.wire.Address;
import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.dcs.StoreSetting.Kind;
import io.tamada.ha.model.ConfigDocument;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The `raft` section, checked.
///
/// @param self where others reach this node; null for a client that has no vote and no data
/// @param bind where this node listens; null without `self`
/// @param partners the other nodes
/// @param password shared by all; null for none
/// @param tls null without TLS
record RaftSettings(
        @Nullable Address self,
        @Nullable Address bind,
        List<Address> partners,
        Path dataDir,
        @Nullable String password,
        @Nullable TlsFiles tls,
        Timing timing) {

    private static final List<String> TIMING_KEYS =
            List.of(
                    "min_timeout",
                    "max_timeout",
                    "connection_timeout",
                    "append_entries_period",
                    "connection_retry_time",
                    "leader_fallback_timeout");

    /// What a URL without a port means.
    static final int PORT = 2222;

    /// The section's settings, for validation and documentation.
    static final List<StoreSetting> DESCRIBED =
            List.of(
                    StoreSetting.of(
                            "self_addr",
                            Kind.TEXT,
                            "Where the other nodes reach this one, as host:port; without it, this member asks and doesn't vote."),
                    StoreSetting.of(
                            "bind_addr",
                            Kind.TEXT,
                            "Where this node listens, as host:port; standard: self_addr."),
                    StoreSetting.of(
                            "partner_addrs", Kind.LIST, "The other nodes, each as host:port."),
                    StoreSetting.of(
                                    "data_dir",
                                    Kind.TEXT,
                                    "Directory of the log and its snapshots.")
                            .or("."),
                    StoreSetting.of(
                                    "password",
                                    Kind.TEXT,
                                    "Shared by all nodes: who doesn't know it is sent away, and traffic is encrypted.")
                            .asSecret(),
                    StoreSetting.of(
                            "cafile", Kind.TEXT, "Authorities that sign the nodes' certificates."),
                    StoreSetting.of(
                            "certfile",
                            Kind.TEXT,
                            "This node's certificate in PEM; switches TLS on, in every member."),
                    StoreSetting.of("keyfile", Kind.TEXT, "Its key in PEM; standard: in certfile."),
                    StoreSetting.of(
                                    "min_timeout",
                                    Kind.SECONDS,
                                    "The shortest silence of the leader after which a node stands for election.")
                            .or("0.4"),
                    StoreSetting.of("max_timeout", Kind.SECONDS, "The longest such silence.")
                            .or("1.4"),
                    StoreSetting.of(
                                    "connection_timeout",
                                    Kind.SECONDS,
                                    "An answer that takes longer is given up.")
                            .or("3.5"),
                    StoreSetting.of(
                                    "append_entries_period",
                                    Kind.SECONDS,
                                    "How often the leader gives a sign of life; when not given, three times per election timeout.")
                            .or("0.1"),
                    StoreSetting.of(
                                    "connection_retry_time",
                                    Kind.SECONDS,
                                    "Accepted for compatibility.")
                            .or("5.0"),
                    StoreSetting.of(
                                    "leader_fallback_timeout",
                                    Kind.SECONDS,
                                    "Accepted for compatibility.")
                            .or("30.0"));

    RaftSettings {
        partners = List.copyOf(partners);
    }

    /// @param election a follower that hears nothing from its leader for so long stands for
    ///   election, after a random part of `spread`
    /// @param heartbeat how often the leader is heard of
    /// @param connection an answer that takes longer is given up
    record Timing(Duration election, Duration spread, Duration heartbeat, Duration connection) {}

    record TlsFiles(Path ca, Path certificate, Path key) {}

    /// Reads the section.
    ///
    /// @throws IllegalArgumentException for a wrong setting: its name, its value, what is allowed
    static RaftSettings of(ConfigDocument section) {
        Address self = address(section, "self_addr");
        Address bind = address(section, "bind_addr");
        List<Address> partners = new ArrayList<>(addresses(section.at("partner_addrs")));
        partners.remove(self);
        if (self == null && partners.isEmpty()) {
            throw new IllegalArgumentException(
                    "raft: self_addr and partner_addrs are both missing: give at least one of them, as host:port");
        }
        String dir = text(section, "data_dir");
        return new RaftSettings(
                self,
                self == null ? null : bind == null ? self : bind,
                partners,
                path("data_dir", dir == null ? "" : dir),
                text(section, "password"),
                tls(section),
                timing(section));
    }

    private static @Nullable Address address(ConfigDocument section, String key) {
        String text = text(section, key);
        try {
            return text == null ? null : Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("raft." + key + ": " + e.getMessage(), e);
        }
    }

    private static List<Address> addresses(@Nullable Object value) {
        List<?> parts =
                switch (value) {
                    case null -> List.of();
                    case List<?> list -> list;
                    default -> List.of(String.valueOf(value).split(","));
                };
        List<Address> addresses = new ArrayList<>();
        for (Object part : parts) {
            try {
                if (!String.valueOf(part).isBlank()) {
                    addresses.add(Address.parse(String.valueOf(part)));
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("raft.partner_addrs: " + e.getMessage(), e);
            }
        }
        return addresses.stream().distinct().toList();
    }

    private static @Nullable TlsFiles tls(ConfigDocument section) {
        String ca = text(section, "cafile");
        String certificate = text(section, "certfile");
        String key = text(section, "keyfile");
        if (ca == null && certificate == null && key == null) {
            return null;
        }
        if (ca == null || certificate == null) {
            throw new IllegalArgumentException(
                    "raft: TLS needs cafile and certfile (and keyfile, unless the key is in certfile), in every member");
        }
        return new TlsFiles(
                path("cafile", ca),
                path("certfile", certificate),
                path("keyfile", key == null ? certificate : key));
    }

    private static Timing timing(ConfigDocument section) {
        double min = seconds(section, "min_timeout", 0.4);
        double max = seconds(section, "max_timeout", 1.4);
        double connection = seconds(section, "connection_timeout", 3.5);
        double period = seconds(section, "append_entries_period", 0.1);
        double retry = seconds(section, "connection_retry_time", 5.0);
        double fallback = seconds(section, "leader_fallback_timeout", 30.0);
        if (TIMING_KEYS.stream().anyMatch(key -> section.at(key) != null)) {
            require(
                    min > 3 * period,
                    "min_timeout",
                    min,
                    "more than 3 * append_entries_period = " + 3 * period);
            require(max > min, "max_timeout", max, "more than min_timeout = " + min);
            require(
                    connection >= max,
                    "connection_timeout",
                    connection,
                    "at least max_timeout = " + max);
            require(retry >= 0, "connection_retry_time", retry, "at least 0");
            require(
                    fallback > period,
                    "leader_fallback_timeout",
                    fallback,
                    "more than append_entries_period = " + period);
        }
        double election = (min + max) / 2;
        // Three signs of life per election timeout are enough; more only cost, unless they are
        // asked
        // for.
        double heartbeat = section.at("append_entries_period") == null ? election / 3 : period;
        return new Timing(
                millis(election), millis((max - min) / 2), millis(heartbeat), millis(connection));
    }

    private static void require(boolean holds, String key, double value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "raft." + key + ": is " + value + ", must be " + allowed);
        }
    }

    private static double seconds(ConfigDocument section, String key, double preset) {
        Object value = section.at(key);
        if (value == null) {
            return preset;
        }
        try {
            double seconds = Double.parseDouble(String.valueOf(value));
            require(seconds >= 0 && seconds < 3600, key, seconds, "a number of seconds below 3600");
            return seconds;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "raft." + key + ": '" + value + "' is not a number of seconds", e);
        }
    }

    private static Duration millis(double seconds) {
        return Duration.ofMillis(Math.max(10, Math.round(seconds * 1000)));
    }

    private static @Nullable String text(ConfigDocument section, String key) {
        Object value = section.at(key);
        String text = value == null ? "" : String.valueOf(value);
        return text.isBlank() ? null : text;
    }

    private static Path path(String key, String text) {
        try {
            return Path.of(text).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("raft." + key + ": '" + text + "' is not a path", e);
        }
    }

    /// All nodes that are known of, this one first.
    List<Address> nodes() {
        List<Address> all = new ArrayList<>();
        if (self != null) {
            all.add(self);
        }
        all.addAll(partners);
        return all;
    }

    @Override
    public String toString() {
        return "RaftSettings[self="
                + self
                + ", partners="
                + partners
                + ", dataDir="
                + dataDir
                + "]";
    }
}
