package io.tamada.dcs.raft.wire;

import org.jspecify.annotations.Nullable;

/// Where a member listens. The host is text: an address is looked up at each connect, so that it
/// may move.
public record Address(String host, int port) {

    public Address {
        if (host.isBlank() || host.contains("/") || port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "'" + host + ":" + port + "' is not of the form host:port");
        }
    }

    /// Reads `host:port` or `[v6]:port`.
    ///
    /// @throws IllegalArgumentException when it is something else
    public static Address parse(String text) {
        Address address = parseOrNull(text.strip());
        if (address == null) {
            throw new IllegalArgumentException("'" + text + "' is not of the form host:port");
        }
        return address;
    }

    private static @Nullable Address parseOrNull(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 1 || !port.matches("[0-9]{1,5}")) {
            return null;
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            return null;
        }
        int number = Integer.parseInt(port);
        return host.isBlank() || host.contains("/") || number < 1 || number > 65535
                ? null
                : new Address(host, number);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
