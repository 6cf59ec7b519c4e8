package io.tamada.agent.generate;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a server is and who asks, as libpq's programs are told: `host=h port=5432 user=u`, or
/// `postgresql://u@h:5432/db`; what is left out comes from `PGHOST` and its like.
///
/// @param settings by libpq's names
record Dsn(Map<String, String> settings) {

    private static final Pattern PAIR =
            Pattern.compile(
                    "\\s*(\\w+)\\s*=\\s*(?:'((?:[^'\\\\]|\\\\.)*)'|((?:[^\\s'\\\\]|\\\\.)*))(?=\\s|$)");
    private static final List<String> SOCKET_DIRECTORIES = List.of("/var/run/postgresql", "/tmp");

    /// The driver makes its sockets by class name.
    private static final String SOCKET_FACTORY = "io.tamada.pg.process.UnixSocketFactory";

    private static final String ANSWER_SECONDS = "10";

    /// libpq's names to the driver's.
    private static final Map<String, String> DRIVER_NAMES =
            Map.of(
                    "user", "user",
                    "password", "password",
                    "sslmode", "sslmode",
                    "sslcert", "sslcert",
                    "sslkey", "sslkey",
                    "sslrootcert", "sslrootcert",
                    "channel_binding", "channelBinding");

    Dsn {
        settings = Map.copyOf(settings);
    }

    /// @param text null for the environment alone
    /// @throws IllegalArgumentException for a text that is neither form; it is not repeated, for
    ///   there may be a password in it
    static Dsn parse(@Nullable String text, Map<String, String> environment) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : List.of("host", "port", "user", "password", "sslmode")) {
            String value = environment.getOrDefault("PG" + name.toUpperCase(Locale.ROOT), "");
            if (!value.isEmpty()) {
                settings.put(name, value);
            }
        }
        String database = environment.getOrDefault("PGDATABASE", "");
        settings.put("dbname", database.isEmpty() ? "postgres" : database);
        String given = text == null ? "" : text.strip();
        settings.putAll(given.matches("postgres(ql)?://.*") ? ofUrl(given) : ofPairs(given));
        settings.putIfAbsent("user", System.getProperty("user.name", "postgres"));
        settings.putIfAbsent("port", "5432");
        if (!settings.getOrDefault("port", "").matches("\\d{1,5}")) {
            throw new IllegalArgumentException("--dsn: port is not a number");
        }
        return new Dsn(settings);
    }

    private static Map<String, String> ofPairs(String text) {
        Map<String, String> settings = new LinkedHashMap<>();
        Matcher pair = PAIR.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!pair.find(end) || pair.start() != end) {
                throw new IllegalArgumentException(
                        "--dsn: not understood at character "
                                + (end + 1)
                                + "; expected for example: host=10.0.0.1 port=5432 user=postgres");
            }
            String value = pair.group(2) != null ? pair.group(2) : pair.group(3);
            settings.put(pair.group(1), value.replaceAll("\\\\(.)", "$1"));
            end = pair.end();
        }
        return settings;
    }

    private static Map<String, String> ofUrl(String text) {
        Map<String, String> settings = new LinkedHashMap<>();
        try {
            URI url = new URI(text);
            String user = url.getRawUserInfo();
            if (user != null) {
                String[] parts = user.split(":", 2);
                settings.put("user", decoded(parts[0]));
                if (parts.length > 1) {
                    settings.put("password", decoded(parts[1]));
                }
            }
            if (url.getHost() != null) {
                settings.put("host", url.getHost().replaceAll("[\\[\\]]", ""));
            }
            if (url.getPort() > 0) {
                settings.put("port", Integer.toString(url.getPort()));
            }
            if (url.getRawPath() != null && url.getRawPath().length() > 1) {
                settings.put("dbname", decoded(url.getRawPath().substring(1)));
            }
            for (String pair :
                    (url.getRawQuery() == null ? "" : url.getRawQuery()).split("&", -1)) {
                String[] parts = pair.split("=", 2);
                if (parts.length == 2) {
                    settings.put(decoded(parts[0]), decoded(parts[1]));
                }
            }
            return settings;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "--dsn: not a URL from character "
                            + (e.getIndex() + 1)
                            + " on; expected for example: postgresql://postgres@10.0.0.1:5432/postgres");
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--dsn: a % is not followed by two digits", e);
        }
    }

    Dsn with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(name, value);
        return new Dsn(more);
    }

    @Nullable String get(String name) {
        return settings.get(name);
    }

    private String text(String name) {
        return settings.getOrDefault(name, "");
    }

    /// The directory of the server's socket; null when it is asked over the network.
    private @Nullable String socketDirectory() {
        String host = text("host");
        if (!host.isEmpty()) {
            return host.startsWith("/") ? host : null;
        }
        return SOCKET_DIRECTORIES.stream()
                .filter(each -> Files.exists(Path.of(each, socketName())))
                .findFirst()
                .orElse(null);
    }

    private String socketName() {
        return ".s.PGSQL." + text("port");
    }

    String driverUrl() {
        String host = socketDirectory() == null ? text("host") : "localhost";
        return "jdbc:postgresql://"
                + (host.isEmpty() ? "localhost" : host.contains(":") ? "[" + host + "]" : host)
                + ":"
                + text("port")
                + "/"
                + java.net.URLEncoder.encode(text("dbname"), StandardCharsets.UTF_8);
    }

    Properties driverProperties() {
        Properties properties = new Properties();
        DRIVER_NAMES.forEach((name, driverName) -> {
            if (settings.containsKey(name)) {
                properties.setProperty(driverName, text(name));
            }
        });
        String directory = socketDirectory();
        if (directory != null) {
            properties.setProperty("socketFactory", SOCKET_FACTORY);
            properties.setProperty("socketFactoryArg", Path.of(directory, socketName()).toString());
            properties.setProperty("sslmode", "disable");
        }
        for (String limit : List.of("connectTimeout", "loginTimeout", "socketTimeout")) {
            properties.setProperty(limit, ANSWER_SECONDS);
        }
        properties.setProperty("ApplicationName", "tamada");
        return properties;
    }

    /// Where it is, for messages.
    @Override
    public String toString() {
        String directory = socketDirectory();
        return (directory == null ? text("host").isEmpty() ? "localhost" : text("host") : directory)
                + ":"
                + text("port")
                + " as "
                + text("user");
    }
}
