package io.tamada.pg;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How to log in as one role.
///
/// @param username null for the operating system's user
/// @param password null for none
/// @param sslPassword opens the client key; null for none
/// @param tls the other libpq settings of the connection by name, in [#TLS_KEYS] order
public record Credentials(
        @Nullable String username,
        @Nullable Secret password,
        @Nullable Secret sslPassword,
        Map<String, String> tls) {

    /// libpq's settings that a configuration may give; others, such as `options`, can't be slipped
    /// in.
    public static final List<String> TLS_KEYS =
            List.of(
                    "sslmode",
                    "sslcert",
                    "sslkey",
                    "sslrootcert",
                    "sslcrl",
                    "sslcrldir",
                    "gssencmode",
                    "channel_binding",
                    "sslnegotiation");

    public static final Credentials NONE = new Credentials(null, null, null, Map.of());

    public Credentials {
        tls = Collections.unmodifiableMap(new LinkedHashMap<>(tls));
    }

    public static Credentials of(String username, Secret password) {
        return new Credentials(username, password, null, Map.of());
    }

    static Credentials of(SettingsTree section) {
        Map<String, String> tls = new LinkedHashMap<>();
        for (String key : TLS_KEYS) {
            String value = section.text(key);
            if (value != null) {
                tls.put(key, value);
            }
        }
        return new Credentials(
                section.text("username"),
                Secret.ofNullable(section.text("password")),
                Secret.ofNullable(section.text("sslpassword")),
                tls);
    }

    /// The name to log in with.
    public String usernameOrSystemUser() {
        return username != null ? username : System.getProperty("user.name", "postgres");
    }
}
