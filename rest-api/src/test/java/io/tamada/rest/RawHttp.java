package io.tamada.rest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// HTTP over a bare socket: what is sent and what arrives, to the byte.
final class RawHttp {

    private static final int PATIENCE_MILLIS = 20_000;

    private RawHttp() {}

    /// @param head status line and headers
    record Answer(int status, String head, String body) {
        String header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    static Socket connect(InetSocketAddress server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /// Sends and reads until the server closes; empty when it closed without a word.
    static String talk(InetSocketAddress server, String bytes) throws IOException {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static Answer send(
            InetSocketAddress server, String method, String path, String headers, String body)
            throws IOException {
        String length =
                body.isEmpty()
                        ? ""
                        : "Content-Length: "
                                + body.getBytes(StandardCharsets.UTF_8).length
                                + "\r\n";
        return parse(
                talk(
                        server,
                        method
                                + " "
                                + path
                                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                + headers
                                + length
                                + "\r\n"
                                + body));
    }

    static Answer send(InetSocketAddress server, String method, String path, String body)
            throws IOException {
        return send(server, method, path, "", body);
    }

    static Answer get(InetSocketAddress server, String path) throws IOException {
        return send(server, "GET", path, "", "");
    }

    static Answer parse(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new AssertionError("no answer: '" + answer + "'");
        }
        String head = answer.substring(0, end);
        return new Answer(Integer.parseInt(head.substring(9, 12)), head, answer.substring(end + 4));
    }
}
