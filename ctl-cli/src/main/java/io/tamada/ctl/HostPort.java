package io.tamada.ctl;

import org.jspecify.annotations.Nullable;

/// Where PostgreSQL of a member listens, from its `postgres://host:port/database`.
record HostPort(String host, int port) {

    static final int POSTGRES_PORT = 5432;

    /// Null when there is no URL or it can't be understood.
    static @Nullable HostPort of(@Nullable String url) {
        int scheme = url == null ? -1 : url.indexOf("://");
        if (url == null || scheme < 0) {
            return null;
        }
        String rest = url.substring(scheme + 3);
        int end = indexOfAny(rest, "/?");
        return ofAuthority(rest.substring(rest.lastIndexOf('@', end) + 1, end), POSTGRES_PORT);
    }

    /// `host`, `host:port`, `[v6]:port` or a bare IPv6 address.
    static @Nullable HostPort ofAuthority(String authority, int defaultPort) {
        String host = authority;
        String port = "";
        int colon = authority.lastIndexOf(':');
        boolean bareV6 = !authority.startsWith("[") && colon != authority.indexOf(':');
        if (!bareV6 && colon > authority.lastIndexOf(']')) {
            host = authority.substring(0, colon);
            port = authority.substring(colon + 1);
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new HostPort(host, port.isEmpty() ? defaultPort : Integer.parseInt(port));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static int indexOfAny(String text, String chars) {
        for (int i = 0; i < text.length(); i++) {
            if (chars.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
