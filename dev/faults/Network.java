package demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Members, and maybe a store, in network namespaces of their own, joined by a bridge, whose packets can be lost in each direction.
///
/// Where there may be no namespaces, all live on the loopback interface, and nothing can be cut.
final class Network implements AutoCloseable {

    private final String name = "tch" + ProcessHandle.current().pid() % 100_000;
    private final String subnet = "10.213." + ThreadLocalRandom.current().nextInt(1, 255) + ".";
    private final boolean divided;
    private final int size;

    private Network(int size, boolean divided) {
        this.size = size;
        this.divided = divided;
    }

    /// @param divided whether there may be namespaces
    static Network of(int size, boolean divided) throws IOException, InterruptedException {
        Network network = new Network(size, divided);
        if (divided) {
            network.build();
        }
        return network;
    }

    private void build() throws IOException, InterruptedException {
        run("ip", "link", "add", name, "type", "bridge");
        run("ip", "address", "add", subnet + "254/24", "dev", name);
        run("ip", "link", "set", name, "up");
        for (int i = 0; i < size; i++) {
            run("ip", "netns", "add", space(i));
            run("ip", "link", "add", space(i), "type", "veth", "peer", "name", "eth0", "netns", space(i));
            run("ip", "link", "set", space(i), "master", name, "up");
            run("ip", "-n", space(i), "address", "add", address(i) + "/24", "dev", "eth0");
            run("ip", "-n", space(i), "link", "set", "eth0", "up");
            run("ip", "-n", space(i), "link", "set", "lo", "up");
        }
    }

    private String space(int index) {
        return name + "-" + (index + 1);
    }

    private String address(int index) {
        return subnet + (index + 1);
    }

    /// Where one lives.
    ///
    /// @param more the command that runs another one as it is run there
    Host host(int index, List<String> more) {
        List<String> enter = new ArrayList<>();
        if (divided) {
            enter.addAll(List.of("ip", "netns", "exec", space(index)));
        }
        enter.addAll(more);
        return new Host(divided ? address(index) : Host.LOOPBACK.address(), enter);
    }

    /// From now on nothing that one sends reaches the other. It isn't told.
    void cut(int from, int to) throws IOException, InterruptedException {
        run("ip", "-n", space(from), "neighbour", "replace", address(to), "lladdr", "02:00:00:00:00:01", "dev", "eth0",
                "nud", "permanent");
    }

    void heal(int from, int to) throws IOException, InterruptedException {
        run("ip", "-n", space(from), "neighbour", "delete", address(to), "dev", "eth0");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
    }

    @Override
    public void close() {
        if (!divided) {
            return;
        }
        for (int i = 0; i < size; i++) {
            attempt("ip", "netns", "delete", space(i));
        }
        attempt("ip", "link", "delete", name);
    }

    private static void attempt(String... command) {
        try {
            run(command);
        } catch (IOException e) {
            System.err.println(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
