package demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// A cluster with all around it that faults can reach.
///
/// @param server the store, if it is a server of its own
/// @param kinds the faults that there may be
record Arena(Cluster cluster, Network network, Clocks clocks, Optional<EtcdStore> server, List<Fault.Kind> kinds) {

    static final int SIZE = 3;

    /// What the arena is built below and of.
    record Folders(Path root, Path distribution, Path postgresPrograms) {}

    static Arena build(Folders folders, Flags flags) throws IOException, InterruptedException {
        List<Fault.Kind> kinds = Fault.Kind.of(means(flags), flags.list("only"));
        Optional<String> etcd = flags.value("etcd");
        Clocks clocks = new Clocks(flags.value("clock").orElse(""), folders.root().resolve("clocks"));
        Network network = Network.of(SIZE + (etcd.isPresent() ? 1 : 0), flags.has("divided"));
        try {
            List<Host> hosts = new ArrayList<>();
            for (int i = 0; i < SIZE; i++) {
                List<String> enter = new ArrayList<>(flags.words("as"));
                enter.addAll(clocks.enter(i));
                hosts.add(network.host(i, enter));
            }
            Optional<EtcdStore> server = Optional.empty();
            if (etcd.isPresent()) {
                Path own = Files.createDirectories(folders.root().resolve("store"));
                server = Optional.of(new EtcdStore(own, etcd.get(), network.host(SIZE, flags.words("as"))));
            }
            Arena arena = new Arena(cluster(folders, flags, hosts, server), network, clocks, server, kinds);
            if (flags.value("owner").isPresent()) {
                new ProcessBuilder("chown", "-R", flags.value("owner").get() + ":", folders.root().toString()).start().waitFor();
            }
            return arena;
        } catch (IOException e) {
            network.close();
            throw e;
        }
    }

    private static Cluster cluster(Folders folders, Flags flags, List<Host> hosts, Optional<EtcdStore> server)
            throws IOException {
        Store store = server.isPresent()
                ? server.get()
                : new EmbeddedStore(folders.root(), folders.distribution(), hosts, Secrets.random());
        return new Cluster(
                folders.root(),
                folders.distribution(),
                folders.postgresPrograms(),
                hosts,
                store,
                new Cluster.Settings(
                        flags.value("mode").orElse("false"),
                        "lease_guard: " + (flags.has("unguarded") ? "off" : "required") + "\n"));
    }

    private static EnumSet<Fault.Means> means(Flags flags) {
        EnumSet<Fault.Means> means = EnumSet.noneOf(Fault.Means.class);
        if (flags.has("divided")) {
            means.add(Fault.Means.DIVISION);
        }
        if (flags.value("etcd").isPresent()) {
            means.add(Fault.Means.SERVER);
        }
        if (flags.value("clock").isPresent()) {
            means.add(Fault.Means.CLOCKS);
        }
        return means;
    }

    /// What it is, for people.
    String title(Flags flags) {
        return SIZE + " members, " + (server.isPresent() ? "etcd" : "embedded store") + ", ttl " + Cluster.TTL_SECONDS
                + " s, synchronous_mode " + flags.value("mode").orElse("false") + ", lease guard "
                + (flags.has("unguarded") ? "off" : "required") + (flags.has("divided") ? ", network namespaces" : "")
                + (clocks.canBeStepped() ? ", clocks of their own" : "");
    }

    void close() {
        cluster.stop();
        network.close();
    }
}
