package io.tamada.pg;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A libpq connection string, built key by key and written in a fixed order.
final class ConnInfo {

    private static final List<String> ORDER =
            List.of(
                    "dbname",
                    "user",
                    "passfile",
                    "password",
                    "host",
                    "port",
                    "sslmode",
                    "sslcompression",
                    "sslcert",
                    "sslkey",
                    "sslpassword",
                    "sslrootcert",
                    "sslcrl",
                    "sslcrldir",
                    "application_name",
                    "krbsrvname",
                    "gssencmode",
                    "channel_binding",
                    "target_session_attrs",
                    "sslnegotiation");

    /// Keys that older client libraries refuse.
    private static final Map<String, Integer> SINCE =
            Map.of(
                    "passfile", 100_000,
                    "target_session_attrs", 100_000,
                    "gssencmode", 120_000,
                    "channel_binding", 130_000,
                    "sslpassword", 130_000,
                    "sslcrldir", 140_000,
                    "sslnegotiation", 170_000);

    private final Map<String, String> pairs = new LinkedHashMap<>();

    static ConnInfo to(ServerAddress address, Credentials role, String database) {
        ConnInfo info = new ConnInfo();
        info.put("dbname", database);
        info.put("user", role.username());
        info.put("host", address.host());
        info.put("port", address.port());
        role.tls().forEach(info::put);
        if (role.sslPassword() != null) {
            info.put("sslpassword", role.sslPassword().reveal());
        }
        return info;
    }

    ConnInfo put(String key, @Nullable String value) {
        if (value != null) {
            pairs.put(key, value);
        }
        return this;
    }

    ConnInfo without(String key) {
        pairs.remove(key);
        return this;
    }

    ConnInfo putIfAbsent(String key, String value) {
        pairs.putIfAbsent(key, value);
        return this;
    }

    /// As text for a client library of that version.
    String text(PgVersion version) {
        StringBuilder text = new StringBuilder();
        for (String key : ORDER) {
            String value = pairs.get(key);
            if (value != null && version.atLeast(SINCE.getOrDefault(key, 0))) {
                text.append(text.isEmpty() ? "" : " ")
                        .append(key)
                        .append('=')
                        .append(escaped(value));
            }
        }
        return text.toString();
    }

    private static String escaped(String value) {
        return value.isEmpty() ? "''" : value.replaceAll("([ '\\\\])", "\\\\$1");
    }
}
