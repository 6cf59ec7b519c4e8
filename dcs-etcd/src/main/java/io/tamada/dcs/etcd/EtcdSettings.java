package io.tamada.dcs.etcd;

import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.dcs.StoreSetting.Kind;
import io.tamada.ha.dcs.StoreUrl;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Values;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A section of ours, checked.
///
/// @param endpoints the configured ones; at least one, unless there are records
/// @param records where DNS names the servers; null where they are configured
/// @param discovers whether other servers are taken from the member list
/// @param tls null without TLS; with records, what it takes where they ask for it
/// @param login null for none
record EtcdSettings(
        List<Endpoint> endpoints,
        @Nullable ServiceRecords records,
        boolean discovers,
        @Nullable TlsFiles tls,
        @Nullable Login login) {

    /// The settings, for validation and documentation.
    static final List<StoreSetting> DESCRIBED =
            List.of(
                    StoreSetting.of("hosts", Kind.LIST, "The servers, each as host:port."),
                    StoreSetting.of("host", Kind.TEXT, "One server, as host:port."),
                    StoreSetting.of(
                                    "port",
                                    Kind.PORT,
                                    "Port of servers that are given without one.")
                            .or("2379"),
                    StoreSetting.of(
                            "url", Kind.TEXT, "One server, as http://host:port or https://…"),
                    StoreSetting.of(
                            "srv",
                            Kind.TEXT,
                            "A domain whose DNS records (SRV) name the servers, used instead of hosts and host."),
                    StoreSetting.of(
                            "srv_suffix",
                            Kind.TEXT,
                            "What follows a dash in the name of the service, for one domain with several."),
                    StoreSetting.of(
                            "proxy",
                            Kind.TEXT,
                            "A proxy in front of the servers, as a URL: no others are looked for."),
                    StoreSetting.of(
                                    "use_proxies",
                                    Kind.FLAG,
                                    "Whether the given servers are proxies: no others are looked for.")
                            .or("false"),
                    StoreSetting.choice(
                                    "protocol",
                                    List.of("http", "https"),
                                    "How servers are reached that are not given as a URL.")
                            .or("http"),
                    StoreSetting.of(
                            "cacert",
                            Kind.TEXT,
                            "Authorities that sign the servers' certificates; standard: those of the Java runtime."),
                    StoreSetting.of("cert", Kind.TEXT, "Our certificate in PEM."),
                    StoreSetting.of("key", Kind.TEXT, "Its key in PEM (PKCS 8)."),
                    StoreSetting.of("username", Kind.TEXT, "Who we are to the servers.")
                            .asReloadable(),
                    StoreSetting.of("password", Kind.TEXT, "Proof of it.")
                            .asSecret()
                            .asReloadable());

    static final StoreUrl URL =
            new StoreUrl(
                    Endpoint.STANDARD_PORT,
                    "host",
                    false,
                    null,
                    true,
                    Set.of("host", "hosts", "url", "proxy", "srv", "srv_suffix"));

    EtcdSettings {
        endpoints = List.copyOf(endpoints);
    }

    /// A user and a password, which is never shown.
    record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[user=" + user + "]";
        }
    }

    /// What a TLS connection needs.
    ///
    /// @param ca whom to trust; null for what the Java runtime trusts
    /// @param certificate null for none
    record TlsFiles(@Nullable Path ca, @Nullable Path certificate, @Nullable Path key) {}

    /// Reads a section.
    ///
    /// @param name of the section
    /// @throws IllegalArgumentException for a wrong setting: its name, its value, what is allowed
    static EtcdSettings of(String name, ConfigDocument section) {
        return new Reader(name, section).settings();
    }

    private record Reader(String name, ConfigDocument section) {

        EtcdSettings settings() {
            String proxy = text("proxy");
            String url = proxy != null ? proxy : text("url");
            ServiceRecords records = url == null ? records() : null;
            List<Endpoint> endpoints =
                    records != null
                            ? List.of()
                            : url == null
                                    ? hosts()
                                    : List.of(endpoint(proxy == null ? "url" : "proxy", url));
            return new EtcdSettings(
                    endpoints,
                    records,
                    proxy == null && !flag("use_proxies"),
                    records == null ? tls(url) : files(),
                    login(url));
        }

        private @Nullable ServiceRecords records() {
            String domain = text("srv");
            for (String other : List.of("discovery_srv", "srv_domain")) {
                domain = domain == null ? text(other) : domain;
            }
            return domain == null
                    ? null
                    : new ServiceRecords(domain.strip(), text("srv_suffix"), null);
        }

        private List<Endpoint> hosts() {
            List<Endpoint> found = new ArrayList<>();
            String single = text("host");
            Object list = section.at("hosts");
            List<?> parts =
                    switch (list) {
                        case null -> single == null ? List.of() : List.of(single);
                        case List<?> several -> several;
                        default -> List.of(list.toString().split(","));
                    };
            for (Object part : parts) {
                String text = String.valueOf(part).strip().replaceAll("^['\"]|(['\"]$)", "");
                if (!text.isEmpty()) {
                    found.add(endpoint(list == null ? "host" : "hosts", text));
                }
            }
            if (found.isEmpty()) {
                throw wrong("hosts", "is missing: give hosts, host, url, proxy or srv");
            }
            return found;
        }

        private Endpoint endpoint(String key, String text) {
            int standardPort = port();
            try {
                return text.contains("://")
                        ? Endpoint.ofUrl(text, Endpoint.STANDARD_PORT)
                        : Endpoint.parse(text, standardPort);
            } catch (IllegalArgumentException e) {
                throw wrong(key, "'" + text.replaceAll("//[^/@]*@", "//") + "' " + e.getMessage());
            }
        }

        private @Nullable TlsFiles tls(@Nullable String url) {
            String protocol = text("protocol");
            boolean encrypted =
                    (url != null && url.contains("://"))
                            ? url.toLowerCase(Locale.ROOT).startsWith("https:")
                            : "https".equalsIgnoreCase(protocol);
            if (protocol != null
                    && !Set.of("http", "https").contains(protocol.toLowerCase(Locale.ROOT))) {
                throw wrong("protocol", "'" + protocol + "' is not http or https");
            }
            return encrypted ? files() : null;
        }

        private TlsFiles files() {
            Path certificate = file("cert");
            Path key = file("key");
            if (certificate == null && key != null) {
                throw wrong("cert", "is missing, and key is given");
            }
            return new TlsFiles(file("cacert"), certificate, key == null ? certificate : key);
        }

        /// The URL's own user counts where there is one.
        private @Nullable Login login(@Nullable String url) {
            String user = text("username");
            String password = text("password");
            String inUrl = url == null ? null : URI.create(url).getUserInfo();
            if (inUrl != null && inUrl.indexOf(':') > 0) {
                user = inUrl.substring(0, inUrl.indexOf(':'));
                password = inUrl.substring(inUrl.indexOf(':') + 1);
            }
            if (user == null) {
                return null;
            }
            if (password == null) {
                throw wrong("password", "is missing, and username is given");
            }
            return new Login(user, password);
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
            } catch (InvalidPathException e) {
                throw wrong(key, "'" + text + "' is not a path");
            }
        }

        private int port() {
            Object value = section.at("port");
            if (value == null) {
                return Endpoint.STANDARD_PORT;
            }
            long port = Values.integer(value).orElse(0);
            if (port < 1 || port > 65_535) {
                throw wrong("port", "'" + value + "' is not a port");
            }
            return (int) port;
        }

        private boolean flag(String key) {
            Object value = section.at(key);
            return value != null
                    && Values.bool(value)
                            .orElseThrow(
                                    () -> wrong(key, "'" + value + "' is neither true nor false"));
        }

        private @Nullable String text(String key) {
            Object value = section.at(key);
            String text = value == null ? "" : value.toString();
            return text.isBlank() ? null : text;
        }

        private IllegalArgumentException wrong(String key, String problem) {
            return new IllegalArgumentException(name + "." + key + ": " + problem);
        }
    }
}
