package io.tamada.rest;

import java.net.InetSocketAddress;

/// A host and a port as configured.
///
/// @param host a name or an address without brackets; empty for all addresses of the machine
/// @param port 0 lets the system choose
public record HostPort(String host, int port) {

    private static final int PORT_MAX = 65_535;

    /// Reads `host:port`, `[v6]:port`, `*:port` or `:port`.
    ///
    /// @param setting the name of the setting, for the message
    /// @throws IllegalArgumentException for anything else
    public static HostPort parse(String setting, String text) {
        String trimmed = text.strip();
        int colon = trimmed.lastIndexOf(':');
        String digits = trimmed.substring(colon + 1);
        if (colon < 0 || !digits.matches("\\d{1,5}") || Integer.parseInt(digits) > PORT_MAX) {
            throw new IllegalArgumentException(
                    setting
                            + ": '"
                            + text
                            + "' is not of the form host:port with a port up to "
                            + PORT_MAX);
        }
        String host = trimmed.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new HostPort(host.equals("*") ? "" : host, Integer.parseInt(digits));
    }

    /// The address to bind to; resolves the name.
    InetSocketAddress toBind() {
        return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
