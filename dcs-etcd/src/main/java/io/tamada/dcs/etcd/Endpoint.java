package io.tamada.dcs.etcd;

import java.net.URI;
import java.net.URISyntaxException;

/// Where an etcd server answers clients.
record Endpoint(String host, int port) {

    static final int STANDARD_PORT = 2379;

    /// Reads `host`, `host:port` or `[address]:port`.
    ///
    /// @throws IllegalArgumentException for anything else
    static Endpoint parse(String text, int standardPort) {
        return ofUri("etcd://" + text.strip(), standardPort);
    }

    /// Reads `http://host:port`, whatever the scheme.
    ///
    /// @throws IllegalArgumentException for anything else
    static Endpoint ofUrl(String text, int standardPort) {
        return ofUri(text.strip(), standardPort);
    }

    private static Endpoint ofUri(String uri, int standardPort) {
        try {
            URI parsed = new URI(uri);
            if (parsed.getHost() != null && parsed.getPort() != 0 && parsed.getPort() <= 65_535) {
                String host = parsed.getHost();
                return new Endpoint(
                        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                        parsed.getPort() < 0 ? standardPort : parsed.getPort());
            }
        } catch (URISyntaxException e) {
            // Said below, in our words.
        }
        throw new IllegalArgumentException("is not host:port");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
