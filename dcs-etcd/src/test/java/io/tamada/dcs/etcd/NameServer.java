package io.tamada.dcs.etcd;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A DNS server that knows services only (RFC 1035, RFC 2782).
final class NameServer implements AutoCloseable {

    private static final int SRV = 33;
    private static final int HEADER_BYTES = 12;
    private static final int NO_SUCH_NAME = 3;

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final Map<String, List<Service>> services = new ConcurrentHashMap<>();

    record Service(int priority, int port, String host) {}

    NameServer() throws IOException {
        Thread.ofVirtual().name("name-server").start(this::run);
    }

    String url() {
        return "dns://127.0.0.1:" + socket.getLocalPort();
    }

    void put(String name, Service... known) {
        services.put(name, List.of(known));
    }

    private void run() {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            try {
                DatagramPacket question = new DatagramPacket(buffer, buffer.length);
                socket.receive(question);
                byte[] answer = answer(Arrays.copyOf(buffer, question.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private byte[] answer(byte[] question) throws IOException {
        StringBuilder name = new StringBuilder();
        int at = HEADER_BYTES;
        for (; question[at] != 0; at += question[at] + 1) {
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII));
        }
        int questionEnd = at + 5;
        List<Service> known = services.getOrDefault(name.toString(), List.of());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(question, 0, 2);
        out.writeShort(0x8580 | (known.isEmpty() ? NO_SUCH_NAME : 0));
        out.writeShort(1);
        out.writeShort(known.size());
        out.writeInt(0);
        out.write(question, HEADER_BYTES, questionEnd - HEADER_BYTES);
        for (Service service : known) {
            byte[] host = encoded(service.host());
            out.writeShort(0xC000 | HEADER_BYTES);
            out.writeShort(SRV);
            out.writeShort(1);
            out.writeInt(0);
            out.writeShort(6 + host.length);
            out.writeShort(service.priority());
            out.writeShort(0);
            out.writeShort(service.port());
            out.write(host);
        }
        return bytes.toByteArray();
    }

    private static byte[] encoded(String host) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : host.split("\\.", -1)) {
            out.write(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
