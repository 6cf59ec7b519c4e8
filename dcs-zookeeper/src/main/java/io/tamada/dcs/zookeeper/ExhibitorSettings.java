package io.tamada.dcs.zookeeper;

import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.dcs.StoreSetting.Kind;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Values;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where an `exhibitor` section says that Exhibitor is.
///
/// @param hosts as in a URL, an IPv6 address in brackets
/// @param interval how often it is asked
record ExhibitorSettings(List<String> hosts, int port, Duration interval) {

    static final String SECTION = "exhibitor";
    private static final long INTERVAL = 300;

    static final List<StoreSetting> DESCRIBED = described();

    ExhibitorSettings {
        hosts = List.copyOf(hosts);
    }

    private static List<StoreSetting> described() {
        List<StoreSetting> all =
                new ArrayList<>(
                        List.of(
                                StoreSetting.of("hosts", Kind.LIST, "The hosts of Exhibitor.")
                                        .asRequired(),
                                StoreSetting.of("port", Kind.PORT, "Its port.").asRequired(),
                                StoreSetting.of(
                                                "poll_interval",
                                                Kind.SECONDS,
                                                "How often it is asked which servers there are.")
                                        .or(Long.toString(INTERVAL))));
        SectionSettings.DESCRIBED.stream()
                .filter(setting -> !setting.name().equals("hosts"))
                .forEach(all::add);
        return List.copyOf(all);
    }

    /// Reads a section.
    ///
    /// @throws IllegalArgumentException for a wrong setting: its name, its value, what is allowed
    static ExhibitorSettings of(ConfigDocument section) {
        List<?> parts =
                switch (section.at("hosts")) {
                    case null -> List.of();
                    case List<?> list -> list;
                    case Object text -> List.of(String.valueOf(text).split(","));
                };
        List<String> hosts = new ArrayList<>();
        Object port = section.at("port");
        for (Object part : parts) {
            String text = String.valueOf(part).strip();
            if (!text.isEmpty()) {
                hosts.add(host(text));
            }
        }
        if (hosts.isEmpty()) {
            throw wrong("hosts", "is missing: give one host of Exhibitor or several");
        }
        if (port == null) {
            throw wrong("port", "is missing");
        }
        long number = Values.integer(port).orElse(0);
        if (number < 1 || number > 65_535) {
            throw wrong("port", "'" + port + "' is not a port");
        }
        return new ExhibitorSettings(hosts, (int) number, interval(section.at("poll_interval")));
    }

    private static Duration interval(@Nullable Object given) {
        if (given == null) {
            return Duration.ofSeconds(INTERVAL);
        }
        long seconds = Values.seconds(given).orElse(0);
        if (seconds < 1) {
            throw wrong("poll_interval", "'" + given + "' is no number of seconds, from 1");
        }
        return Duration.ofSeconds(seconds);
    }

    private static String host(String text) {
        String host = bracketed(text);
        try {
            if (new URI("http://" + host).getHost() != null
                    && new URI("http://" + host).getPort() < 0) {
                return host;
            }
        } catch (URISyntaxException _) {
            // Told below.
        }
        throw wrong("hosts", "'" + text + "' is not a host; the port is given by port");
    }

    /// As in a URL.
    static String bracketed(String host) {
        boolean bare = !host.startsWith("[") && host.indexOf(':') != host.lastIndexOf(':');
        return bare ? "[" + host + "]" : host;
    }

    private static IllegalArgumentException wrong(String key, String problem) {
        return new IllegalArgumentException(SECTION + "." + key + ": " + problem);
    }
}
