package io.tamada.rest;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An HTTP request, apart from how it arrived.
///
/// @param path as sent, without the query
/// @param query name to first value; blank values don't count
/// @param remote who sent it
/// @param authorization the header of that name; null when there is none
/// @param clientCertificate the client proved who it is at the TLS handshake
/// @param body reads what comes after the headers, once
record Request(
        String method,
        String path,
        Map<String, String> query,
        InetAddress remote,
        @Nullable String authorization,
        boolean clientCertificate,
        Body body) {

    interface Body {
        Read read(int bytesMax);
    }

    /// What came of reading a body.
    sealed interface Read {
        /// @param text as UTF-8
        record Complete(String text) implements Read {}

        /// Neither a length nor chunks were announced.
        record Absent() implements Read {}

        record TooLong() implements Read {}

        /// It didn't arrive, not in time, or not as UTF-8.
        record Broken(String problem) implements Read {}
    }

    Request {
        query = Map.copyOf(query);
    }

    @Nullable String parameter(String name) {
        return query.get(name);
    }

    /// Reads the raw query of an URL.
    ///
    /// @throws IllegalArgumentException for a broken percent escape
    static Map<String, String> query(@Nullable String raw) {
        if (raw == null || raw.isEmpty()) {
            return Map.of();
        }
        Map<String, String> result = new HashMap<>();
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && equals < pair.length() - 1) {
                result.putIfAbsent(
                        decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return result;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
