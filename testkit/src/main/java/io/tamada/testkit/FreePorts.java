package io.tamada.testkit;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/// Ports for servers that a test starts, and maybe starts again.
///
/// They lie below those that the system gives to outgoing connections: one of these could otherwise
/// take a port before its server does, or while its server is down.
public final class FreePorts {

    private static final Path SYSTEM_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LOWEST = 15_000;
    private static final int USUAL_END = 32_768;
    private static final int TRIES_MAX = 1000;

    private static final Set<Integer> GIVEN = new HashSet<>();

    private FreePorts() {}

    /// A port that was free a moment ago for TCP and for UDP at every address of this machine; none
    /// is given twice.
    ///
    /// @throws IllegalStateException when none is found
    public static synchronized int next() {
        int end = end();
        for (int i = 0; i < TRIES_MAX; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, end);
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("found no free port from " + LOWEST + " to " + (end - 1));
    }

    /// Some of them.
    public static List<Integer> next(int count) {
        return Stream.generate(FreePorts::next).limit(count).toList();
    }

    private static boolean isFree(int port) {
        try (ServerSocket tcp = new ServerSocket(port);
                DatagramSocket udp = new DatagramSocket(port)) {
            return tcp.isBound() && udp.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /// The first port that the system gives away itself.
    private static int end() {
        try {
            String range = Files.readString(SYSTEM_RANGE).strip();
            int first = Integer.parseInt(range.replaceFirst("\\s.*", ""));
            return first > LOWEST + TRIES_MAX ? first : USUAL_END;
        } catch (IOException | NumberFormatException e) {
            return USUAL_END;
        }
    }
}
