package io.tamada.rest;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Values;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `restapi` section, understood.
///
/// @param listen where to accept connections
/// @param connectAddress where others reach this member
/// @param credentials what state-changing requests need; null for nothing
/// @param tls null for plain HTTP
/// @param allowlist hosts, addresses and networks that may change state; with an empty list
///   everybody may
/// @param allowlistIncludeMembers the addresses of the cluster's members count as listed
/// @param extraHeaders added to every answer that has headers
/// @param serverTokens how much the `Server` header tells
/// @param backlog connections that wait to be accepted
/// @param limits what a client may use
public record RestSettings(
        HostPort listen,
        HostPort connectAddress,
        @Nullable Credentials credentials,
        @Nullable Tls tls,
        List<String> allowlist,
        boolean allowlistIncludeMembers,
        Map<String, String> extraHeaders,
        ServerTokens serverTokens,
        int backlog,
        Limits limits) {

    private static final String SECTION = "restapi";

    /// Patroni's default of five lets a burst of health checks wait for a second.
    private static final int BACKLOG_DEFAULT = 128;

    private static final int BACKLOG_MAX = 4096;

    public RestSettings {
        allowlist = List.copyOf(allowlist);
        extraHeaders = Map.copyOf(extraHeaders);
    }

    public enum ServerTokens {
        ORIGINAL,
        MINIMAL,
        PRODUCT_ONLY;

        String header() {
            return switch (this) {
                case ORIGINAL ->
                        "Tamada/" + ProductVersion.OWN + " Java/" + Runtime.version().feature();
                case MINIMAL -> "Tamada/" + ProductVersion.OWN;
                case PRODUCT_ONLY -> "Tamada";
            };
        }
    }

    public enum VerifyClient {
        NONE,
        /// A certificate is asked for, and needed only to change state.
        OPTIONAL,
        /// Nobody without a certificate gets through the handshake.
        REQUIRED
    }

    /// @param keyfile null when the key is in the certificate's file
    /// @param keyfilePassword null for a key that isn't encrypted
    /// @param cafile who signs clients' certificates
    /// @param ciphers names of cipher suites; empty for the platform's choice
    public record Tls(
            Path certfile,
            @Nullable Path keyfile,
            @Nullable String keyfilePassword,
            @Nullable Path cafile,
            VerifyClient verifyClient,
            List<String> ciphers) {

        public Tls {
            ciphers = List.copyOf(ciphers);
        }

        @Override
        public String toString() {
            return "Tls[" + certfile + ", verify_client " + verifyClient + "]";
        }
    }

    /// @param bodyBytesMax longest request body
    /// @param transferSecondsMax longest time to receive a request, and to send an answer
    public record Limits(int bodyBytesMax, int transferSecondsMax) {
        public static final Limits DEFAULT = new Limits(1 << 20, 10);
    }

    /// A plain HTTP server on this address, for anybody.
    public static RestSettings on(HostPort listen) {
        return new RestSettings(
                listen,
                listen,
                null,
                null,
                List.of(),
                false,
                Map.of(),
                ServerTokens.ORIGINAL,
                BACKLOG_DEFAULT,
                Limits.DEFAULT);
    }

    /// Where peers ask this member: what it publishes as `api_url`.
    public String apiUrl() {
        return (tls == null ? "http://" : "https://") + connectAddress + "/patroni";
    }

    /// Reads the section.
    ///
    /// @throws IllegalArgumentException for a setting that is missing or wrong: its name, its
    ///   value, what is allowed
    public static RestSettings of(ConfigDocument section) {
        Object listen = section.at("listen");
        if (listen == null) {
            throw new IllegalArgumentException(
                    "restapi.listen: is missing; must be of the form host:port");
        }
        HostPort address = HostPort.parse("restapi.listen", listen.toString());
        Object connect = section.at("connect_address");
        Tls tls = tls(section);
        return new RestSettings(
                address,
                connect == null
                        ? address
                        : HostPort.parse("restapi.connect_address", connect.toString()),
                Credentials.of(SECTION, section),
                tls,
                texts(section, "allowlist"),
                flag(section, "allowlist_include_members"),
                headers(section, tls != null),
                tokens(section),
                (int) number(section, "request_queue_size", BACKLOG_DEFAULT, 0, BACKLOG_MAX),
                Limits.DEFAULT);
    }

    private static @Nullable Tls tls(ConfigDocument section) {
        Path certfile = path(section, "certfile");
        VerifyClient verify = verifyClient(section);
        if (certfile == null) {
            if (verify != VerifyClient.NONE) {
                throw new IllegalArgumentException(
                        "restapi.verify_client: "
                                + section.at("verify_client")
                                + " needs restapi.certfile, since certificates are shown over TLS only");
            }
            return null;
        }
        Path cafile = path(section, "cafile");
        if (cafile == null && verify != VerifyClient.NONE) {
            throw new IllegalArgumentException(
                    "restapi.verify_client: "
                            + section.at("verify_client")
                            + " needs restapi.cafile, the file of those who sign the clients' certificates");
        }
        Object password = section.at("keyfile_password");
        Object ciphers = section.at("ciphers");
        return new Tls(
                certfile,
                path(section, "keyfile"),
                password == null ? null : password.toString(),
                cafile,
                verify,
                ciphers == null ? List.of() : List.of(ciphers.toString().split("[:,\\s]+")));
    }

    private static VerifyClient verifyClient(ConfigDocument section) {
        Object raw = section.at("verify_client");
        String text = raw == null ? "none" : raw.toString().toLowerCase(Locale.ROOT);
        return switch (text) {
            case "none" -> VerifyClient.NONE;
            case "optional" -> VerifyClient.OPTIONAL;
            case "required" -> VerifyClient.REQUIRED;
            default -> throw wrong("verify_client", text, "none, optional or required");
        };
    }

    private static ServerTokens tokens(ConfigDocument section) {
        Object raw = section.at("server_tokens");
        String text = raw == null ? "original" : raw.toString().toLowerCase(Locale.ROOT);
        return switch (text) {
            case "original" -> ServerTokens.ORIGINAL;
            case "minimal" -> ServerTokens.MINIMAL;
            case "productonly" -> ServerTokens.PRODUCT_ONLY;
            default -> throw wrong("server_tokens", text, "Original, Minimal or ProductOnly");
        };
    }

    private static Map<String, String> headers(ConfigDocument section, boolean tls) {
        Map<String, String> result = new LinkedHashMap<>();
        for (String key :
                tls
                        ? List.of("http_extra_headers", "https_extra_headers")
                        : List.of("http_extra_headers")) {
            Object raw = section.at(key);
            if (raw != null && !(raw instanceof Map<?, ?>)) {
                throw wrong(key, raw, "a mapping of header names to values");
            }
            section.section(key)
                    .root()
                    .forEach((name, value) -> {
                        String text = String.valueOf(value);
                        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")
                                || !text.matches("[\\t\\x20-\\x7e]*")) {
                            throw wrong(
                                    key + "." + name,
                                    text,
                                    "a header of printable ASCII characters in one line");
                        }
                        result.put(name, text);
                    });
        }
        return result;
    }

    private static List<String> texts(ConfigDocument section, String key) {
        Object raw = section.at(key);
        List<String> result = new ArrayList<>();
        switch (raw) {
            case null -> {}
            case List<?> list -> list.forEach(item -> result.add(String.valueOf(item).strip()));
            case String text when !text.isBlank() ->
                    result.addAll(List.of(text.strip().split("\\s*,\\s*")));
            default -> throw wrong(key, raw, "a list of host names, addresses and networks");
        }
        return result;
    }

    private static @Nullable Path path(ConfigDocument section, String key) {
        Object raw = section.at(key);
        return raw == null || raw.toString().isBlank() ? null : Path.of(raw.toString());
    }

    private static boolean flag(ConfigDocument section, String key) {
        Object raw = section.at(key);
        return raw != null && Values.bool(raw).orElseThrow(() -> wrong(key, raw, "true or false"));
    }

    private static long number(
            ConfigDocument section, String key, long fallback, long min, long max) {
        Object raw = section.at(key);
        if (raw == null) {
            return fallback;
        }
        long value = Values.integer(raw).orElse(min - 1);
        if (value < min || value > max) {
            throw wrong(key, raw, "a number from " + min + " to " + max);
        }
        return value;
    }

    private static IllegalArgumentException wrong(String key, Object value, String allowed) {
        return new IllegalArgumentException(
                "restapi." + key + ": '" + value + "' is not " + allowed);
    }
}
