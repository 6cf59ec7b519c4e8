package demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One etcd server, a process of its own that can be killed, frozen and cut off.
final class EtcdStore implements Store {

    private final Path folder;
    private final String program;
    private final Host host;
    private final int clientPort;
    private final int peerPort;
    private Optional<Process> process = Optional.empty();

    EtcdStore(Path folder, String program, Host host) throws IOException {
        this.folder = folder;
        this.program = program;
        this.host = host;
        List<Integer> ports = Ports.free(2);
        clientPort = ports.getFirst();
        peerPort = ports.getLast();
    }

    @Override
    public String section(int member, Path own) {
        return "etcd3:\n  host: '" + host.at(clientPort) + "'\n";
    }

    /// Starts it, or starts it again with what is on its disk.
    @Override
    public void start() throws IOException {
        if (process().isPresent()) {
            return;
        }
        String client = "http://" + host.at(clientPort);
        String peer = "http://127.0.0.1:" + peerPort;
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(host.enter());
        command.addAll(List.of(
                program, "--name", "store", "--data-dir", folder.resolve("data").toString(),
                "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer,
                "--initial-advertise-peer-urls", peer, "--initial-cluster", "store=" + peer));
        process = Optional.of(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("etcd.log").toFile()))
                .start());
    }

    Optional<ProcessHandle> process() {
        return process.map(Process::toHandle).filter(ProcessHandle::isAlive);
    }

    @Override
    public void stop() {
        process().ifPresent(ProcessHandle::destroyForcibly);
    }
}
