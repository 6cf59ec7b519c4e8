package demo;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Free ports, none of them twice, below those that the system gives to outgoing connections: one of these could
/// otherwise take a member's port while the member is down.
final class Ports {

    private static final int LOWEST = 15_000;
    private static final int END = 32_768;
    private static final int TRIES_MAX = 1000;

    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    static synchronized List<Integer> free(int count) throws IOException {
        List<Integer> free = new ArrayList<>();
        for (int i = 0; free.size() < count; i++) {
            if (i == TRIES_MAX) {
                throw new IOException("found no " + count + " free ports from " + LOWEST + " to " + (END - 1));
            }
            int port = ThreadLocalRandom.current().nextInt(LOWEST, END);
            if (GIVEN.add(port) && isFree(port)) {
                free.add(port);
            }
        }
        return free;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
