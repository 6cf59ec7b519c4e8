package io.tamada.dcs.raft;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore;
import io.tamada.dcs.raft.wire.Address;
import io.tamada.dcs.raft.wire.GroupSecret;
import io.tamada.dcs.raft.wire.Network;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.SystemTime;
import io.tamada.ha.time.TimeSource;
import io.tamada.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/// Real nodes on loopback ports with their data in a temporary folder.
final class RaftGroup implements AutoCloseable {

    static final TimeSource TIME = new SystemTime();
    static final KeyPaths PATHS = KeyPaths.of("/service", "demo", null);

    private final Path folder;
    private final List<Address> addresses;
    private final Map<Integer, Running> running = new ConcurrentHashMap<>();

    record Running(RaftNode node, RaftStore store, Network network) {}

    RaftGroup(int size, Path folder) throws IOException {
        this(freeAddresses(size), folder);
    }

    RaftGroup(List<Address> addresses, Path folder) {
        this.folder = folder;
        this.addresses = addresses;
    }

    /// A group that has elected its first leader, and whose members all know it: while they elect,
    /// the outcome of a write may be unknown.
    static RaftGroup started(int size, Path folder) throws IOException, InterruptedException {
        RaftGroup group = new RaftGroup(size, folder);
        for (int i = 0; i < size; i++) {
            group.start(i);
        }
        for (int i = 0; i < size; i++) {
            if (!(group.store(i).range(in(30)) instanceof KeyValueStore.Range.Seen)) {
                group.close();
                throw new AssertionError("no leader was elected");
            }
        }
        return group;
    }

    static List<Address> freeAddresses(int count) {
        return FreePorts.next(count).stream().map(port -> new Address("127.0.0.1", port)).toList();
    }

    Address address(int member) {
        return addresses.get(member);
    }

    int size() {
        return addresses.size();
    }

    RaftSettings settings(int member) {
        return settings(member, "secret", addresses);
    }

    RaftSettings settings(int member, String password, List<Address> nodes) {
        return RaftSettings.of(
                ConfigDocument.of(
                        Map.of(
                                "self_addr", addresses.get(member).toString(),
                                "partner_addrs", nodes.stream().map(Address::toString).toList(),
                                "data_dir", folder.toString(),
                                "password", password)));
    }

    void start(int member) {
        start(member, settings(member));
    }

    void start(int member, RaftSettings settings) {
        Network network = new Network(GroupSecret.of(settings.password()), null);
        RaftNode node = RaftNode.open(settings, network, TIME);
        running.put(
                member,
                new Running(node, new RaftStore(node.client(), PATHS, TIME, node), network));
    }

    RaftStore client(String password) {
        return client(password, PATHS);
    }

    RaftStore client(String password, KeyPaths paths) {
        RaftSettings settings =
                RaftSettings.of(
                        ConfigDocument.of(
                                Map.of(
                                        "partner_addrs",
                                        addresses.stream().map(Address::toString).toList(),
                                        "password",
                                        password)));
        return RaftProvider.client(
                settings, new Network(GroupSecret.of(password), null), paths, TIME);
    }

    RaftStore store(int member) {
        return Objects.requireNonNull(running.get(member)).store();
    }

    RaftNode node(int member) {
        return Objects.requireNonNull(running.get(member)).node();
    }

    void stop(int member) {
        Objects.requireNonNull(running.remove(member)).store().close();
    }

    /// Cuts a member off from all others, in both directions.
    void isolate(int member) {
        Objects.requireNonNull(running.get(member)).network().cut(_ -> false, false);
        running.forEach((i, other) -> {
            if (i != member) {
                other.network().cut(address -> !address.equals(addresses.get(member)), true);
            }
        });
    }

    /// Cuts every connection of every member, or lets them connect again.
    void silence(boolean silent) {
        running.values()
                .forEach(each -> {
                    if (silent) {
                        each.network().cut(_ -> false, false);
                    } else {
                        each.network().heal();
                    }
                });
    }

    /// Ends every connection of every member; new ones can be made at once.
    void breakConnections() {
        running.values().forEach(each -> each.network().cut(_ -> true, true));
    }

    void heal() {
        running.values().forEach(each -> each.network().heal());
    }

    /// The member that leads; waits for one among those that run and can agree.
    int leader() throws InterruptedException {
        int[] found = {-1};
        await(
                "a leader",
                () -> {
                    for (Map.Entry<Integer, Running> each : running.entrySet()) {
                        Address leader = each.getValue().node().desk().leader();
                        if (leader != null && leader.equals(addresses.get(each.getKey()))) {
                            found[0] = each.getKey();
                            return true;
                        }
                    }
                    return false;
                });
        return found[0];
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Deadline by = in(30);
        while (!condition.getAsBoolean()) {
            if (by.hasPassed()) {
                throw new AssertionError("waited in vain for " + what);
            }
            Thread.sleep(10);
        }
    }

    static Deadline in(int seconds) {
        return Deadline.after(TIME, Duration.ofSeconds(seconds));
    }

    @Override
    public void close() {
        running.values().parallelStream().forEach(each -> each.store().close());
        running.clear();
    }
}
