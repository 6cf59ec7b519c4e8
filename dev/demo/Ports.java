package demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Free ports of the loopback interface, none of them twice.
final class Ports {

    private static final Set<Integer> TAKEN = new HashSet<>();

    private Ports() {}

    static synchronized List<Integer> free(int count) throws IOException {
        List<Integer> free = new ArrayList<>();
        while (free.size() < count) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (TAKEN.add(socket.getLocalPort())) {
                    free.add(socket.getLocalPort());
                }
            }
        }
        return free;
    }
}
