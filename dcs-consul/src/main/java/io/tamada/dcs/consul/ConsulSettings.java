package io.tamada.dcs.consul;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Values;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A `consul` section, checked.
///
/// @param address scheme, host and port
/// @param tls null without TLS
/// @param service null where none is to be registered
record ConsulSettings(
        URI address,
        @Nullable String token,
        @Nullable String datacenter,
        Consistency consistency,
        List<String> checks,
        @Nullable ConsulTls tls,
        @Nullable Service service) {

    static final int PORT = 8500;

    ConsulSettings {
        checks = List.copyOf(checks);
    }

    enum Consistency {
        DEFAULT,
        CONSISTENT,
        STALE;

        /// What a request says of it.
        Map<String, String> query() {
            return this == DEFAULT ? Map.of() : Map.of(name().toLowerCase(Locale.ROOT), "");
        }
    }

    /// How members are registered.
    record Service(List<String> tags, String interval, @Nullable String tlsServerName) {
        Service {
            tags = List.copyOf(tags);
        }
    }

    /// Reads a section.
    ///
    /// @throws IllegalArgumentException for a wrong setting: its name, its value, what is allowed
    static ConsulSettings of(ConfigDocument section) {
        return new Reader(section).settings();
    }

    @Override
    public String toString() {
        return "ConsulSettings[address=" + address + "]";
    }

    private record Reader(ConfigDocument section) {

        ConsulSettings settings() {
            URI address = address();
            return new ConsulSettings(
                    address,
                    text("token"),
                    text("dc"),
                    word("consistency", Consistency.CONSISTENT),
                    list("checks"),
                    address.getScheme().equals("https") ? tls() : null,
                    flag("register_service", false) ? service() : null);
        }

        private URI address() {
            String url = text("url");
            if (url != null) {
                try {
                    URI uri = new URI(url);
                    return address("url", uri.getScheme(), uri.getHost(), uri.getPort());
                } catch (URISyntaxException _) {
                    throw wrong("url", "'" + url + "' is not a URL");
                }
            }
            String host = text("host");
            String given = host == null ? "127.0.0.1" : host;
            try {
                URI parsed = new URI("consul://" + given);
                int port = parsed.getPort() < 0 ? port() : parsed.getPort();
                String scheme = text("scheme");
                return address("host", scheme == null ? "http" : scheme, parsed.getHost(), port);
            } catch (URISyntaxException _) {
                throw wrong("host", "'" + given + "' is not host or host:port");
            }
        }

        private URI address(String key, @Nullable String scheme, @Nullable String host, int port) {
            if (scheme == null || !scheme.matches("(?i)https?")) {
                throw wrong(key.equals("url") ? key : "scheme", "must be http or https");
            }
            if (host == null || port > 65_535) {
                throw wrong(key, "'" + text(key) + "' names no host and port");
            }
            String lower = scheme.toLowerCase(Locale.ROOT);
            return URI.create(lower + "://" + host + ":" + (port < 0 ? PORT : port));
        }

        private int port() {
            Object value = section.at("port");
            long port = value == null ? PORT : Values.integer(value).orElse(0);
            if (port < 1 || port > 65_535) {
                throw wrong("port", "'" + value + "' is not a port");
            }
            return (int) port;
        }

        private ConsulTls tls() {
            Path certificate = file("cert");
            Path key = file("key");
            if (certificate == null && key != null) {
                throw wrong("cert", "is missing, and key is given");
            }
            return new ConsulTls(
                    file("cacert"),
                    certificate,
                    key == null ? certificate : key,
                    flag("verify", true));
        }

        private Service service() {
            String interval = text("service_check_interval");
            if (interval != null && !interval.matches("([0-9]+(\\.[0-9]+)?(ms|s|m|h))+")) {
                throw wrong(
                        "service_check_interval",
                        "'" + interval + "' is not a time with its unit, as 5s or 1m");
            }
            return new Service(
                    list("service_tags"),
                    interval == null ? "5s" : interval,
                    text("service_check_tls_server_name"));
        }

        private Consistency word(String key, Consistency standard) {
            String text = text(key);
            if (text == null) {
                return standard;
            }
            for (Consistency word : Consistency.values()) {
                if (word.name().equalsIgnoreCase(text)) {
                    return word;
                }
            }
            throw wrong(key, "'" + text + "' is not default, consistent or stale");
        }

        private List<String> list(String key) {
            Object value = section.at(key);
            List<?> parts =
                    switch (value) {
                        case null -> List.of();
                        case List<?> several -> several;
                        default -> List.of(value.toString().split(","));
                    };
            List<String> found = new ArrayList<>();
            for (Object part : parts) {
                String text = String.valueOf(part).strip();
                if (!text.isEmpty()) {
                    found.add(text);
                }
            }
            return found;
        }

        private @Nullable Path file(String key) {
            String text = text(key);
            if (text == null) {
                return null;
            }
            try {
                Path file = Path.of(text).toAbsolutePath();
                if (Files.isReadable(file)) {
                    return file;
                }
                throw wrong(key, file + " can't be read");
            } catch (InvalidPathException _) {
                throw wrong(key, "'" + text + "' is not a path");
            }
        }

        private boolean flag(String key, boolean standard) {
            Object value = section.at(key);
            return value == null
                    ? standard
                    : Values.bool(value)
                            .orElseThrow(
                                    () -> wrong(key, "'" + value + "' is neither true nor false"));
        }

        private @Nullable String text(String key) {
            Object value = section.at(key);
            String text = value == null ? "" : value.toString().strip();
            return text.isEmpty() ? null : text;
        }

        private static IllegalArgumentException wrong(String key, String problem) {
            return new IllegalArgumentException("consul." + key + ": " + problem);
        }
    }
}
