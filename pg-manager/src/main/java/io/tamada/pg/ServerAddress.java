package io.tamada.pg;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a server listens.
///
/// @param host a name or an address without brackets, a directory with a socket, or several with
///   commas
/// @param port its port, or as many as there are hosts with commas
record ServerAddress(String host, String port) {

    static final int DEFAULT_PORT = 5432;

    /// Reads `host`, `host:port`, `[v6]:port`, `a,b:port`.
    static ServerAddress parse(String place, String text) {
        int bracket = text.lastIndexOf(']');
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > bracket && (bracket >= 0 || text.indexOf(':') == colon);
        String host = hasPort ? text.substring(0, colon) : text;
        String port = hasPort ? text.substring(colon + 1) : Integer.toString(DEFAULT_PORT);
        if (host.isBlank() || !isPort(port)) {
            throw new IllegalArgumentException(
                    place + ": '" + text + "' is not of the form HOST:PORT");
        }
        return new ServerAddress(host.replace("[", "").replace("]", ""), port);
    }

    private static boolean isPort(String text) {
        try {
            int port = Integer.parseInt(text);
            return port > 0 && port < 65536;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /// Reads the address out of `postgres://host:port,host:port/database?…`; null when it isn't
    /// one.
    static @Nullable ServerAddress ofUrl(String url) {
        int scheme = url.indexOf("://");
        if (scheme < 0) {
            return null;
        }
        String rest = url.substring(scheme + 3);
        for (char end : new char[] {'/', '?'}) {
            int at = rest.indexOf(end);
            rest = at < 0 ? rest : rest.substring(0, at);
        }
        rest = rest.substring(rest.lastIndexOf('@') + 1);
        List<String> hosts = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        for (String part : rest.split(",", -1)) {
            if (part.isBlank()) {
                return null;
            }
            ServerAddress one;
            try {
                one = parse("url", part);
            } catch (IllegalArgumentException e) {
                return null;
            }
            hosts.add(URLDecoder.decode(one.host, StandardCharsets.UTF_8));
            ports.add(one.port);
        }
        boolean onePort = ports.stream().distinct().count() == 1;
        return new ServerAddress(
                String.join(",", hosts), onePort ? ports.getFirst() : String.join(",", ports));
    }

    /// As in a URL: an IPv6 address gets brackets.
    String urlForm() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    int firstPort() {
        return Integer.parseInt(port.split(",", -1)[0]);
    }

    List<String> hosts() {
        return List.of(host.split(",", -1));
    }
}
