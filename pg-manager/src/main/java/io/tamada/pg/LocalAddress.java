package io.tamada.pg;

import java.util.Set;

/// Where the server on this machine is reached.
final class LocalAddress {

    private static final Set<String> EVERYWHERE =
            Set.of("*", "localhost", "0.0.0.0", "127.0.0.1", "::", "");

    private LocalAddress() {}

    /// The host to connect to, from a list as in `listen_addresses`.
    static String reachable(String listenAddresses) {
        String first = "";
        for (String part : listenAddresses.split(",", -1)) {
            String host = part.strip();
            if (EVERYWHERE.contains(host)) {
                return "localhost";
            }
            first = first.isEmpty() ? host : first;
        }
        return first;
    }
}
