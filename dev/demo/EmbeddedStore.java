package demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The store that lives in the agents; with two of them a third vote without data helps, since neither is a majority.
final class EmbeddedStore implements Store {

    private final Path folder;
    private final Path distribution;
    private final List<Host> hosts;
    private final List<Integer> ports;
    private final String password;

    EmbeddedStore(Path folder, Path distribution, List<Host> hosts, String password) throws IOException {
        this.folder = folder;
        this.distribution = distribution;
        this.hosts = hosts;
        this.password = password;
        this.ports = Ports.free(hosts.size() == 2 ? 3 : hosts.size());
        if (hasVoter()) {
            Secrets.write(voterFile(folder), "scope: " + Cluster.SCOPE + "\nname: voter\n" + section(hosts.size(), folder.resolve("voter")));
        }
    }

    private boolean hasVoter() {
        return ports.size() > hosts.size();
    }

    private static Path voterFile(Path folder) {
        return folder.resolve("voter.yml");
    }

    @Override
    public String section(int member, Path own) {
        String partners = IntStream.range(0, ports.size())
                .filter(other -> other != member)
                .mapToObj(other -> "'" + address(other) + "'")
                .collect(Collectors.joining(", "));
        return """
                raft:
                  data_dir: %s
                  self_addr: '%s'
                  partner_addrs: [%s]
                  password: %s
                """.formatted(own.resolve("store"), address(member), partners, password);
    }

    private String address(int vote) {
        return (vote < hosts.size() ? hosts.get(vote) : Host.LOOPBACK).at(ports.get(vote));
    }

    @Override
    public void start() throws IOException {
        if (hasVoter()) {
            Process process = new ProcessBuilder(
                            "setsid", distribution.resolve("bin/tamada-raft-voter").toString(), voterFile(folder).toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("voter.log").toFile())
                    .start();
            Files.writeString(folder.resolve("voter.pid"), Long.toString(process.pid()));
        }
    }

    @Override
    public void stop() {
        stop(folder);
    }

    static void stop(Path folder) {
        Member.process(folder.resolve("voter.pid")).ifPresent(ProcessHandle::destroyForcibly);
    }
}
