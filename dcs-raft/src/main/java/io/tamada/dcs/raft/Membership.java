package io.tamada.dcs.raft;

import io.tamada.dcs.raft.wire.Address;
import io.tamada.dcs.raft.wire.VoteGate;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a node becomes one of the group, on a thread of its own that ends when it is.
///
/// A node without data first asks the others. If one of them has a log, the group exists, and this
/// node is new or has lost its data: it starts without any idea of who the members are, does not
/// vote ([VoteGate]), asks the leader to be added, and votes from when it has all that was
/// committed when the leader answered. If a majority of the nodes that it knows of has no log
/// either, itself included, the group is founded by all of them. Otherwise it goes on asking.
final class Membership implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Membership.class.getName());
    private static final int CENSUS_MILLIS = 1_000;
    private static final int PAUSE_MILLIS = 100;

    private final RaftNode node;
    private final RaftSettings settings;
    private final DataFolder folder;
    private final VoteGate gate;
    private final GroupClient client;
    private final TimeSource time;
    private @Nullable Thread thread;

    Membership(
            RaftNode node,
            RaftSettings settings,
            DataFolder folder,
            VoteGate gate,
            GroupClient client,
            TimeSource time) {
        this.node = node;
        this.settings = settings;
        this.folder = folder;
        this.gate = gate;
        this.client = client;
        this.time = time;
    }

    void start() {
        thread = Thread.ofVirtual().name("raft-membership").start(this::run);
    }

    private void run() {
        try {
            long begun = time.nanos();
            if (folder.isFresh()) {
                foundOrJoin();
            }
            long index = join();
            while (node.appliedIndex() < index) {
                Thread.sleep(PAUSE_MILLIS);
            }
            if (folder.isJoining()) {
                outlastElections(begun);
                folder.joined();
                LOG.log(
                        System.Logger.Level.INFO,
                        "raft: " + node.self() + " has caught up with its group and votes");
            }
            gate.open();
        } catch (InterruptedException _) {
            // The node is being closed.
        } catch (IOException | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "raft: " + node.self() + " cannot join its group",
                    e);
        }
    }

    private void foundOrJoin() throws InterruptedException, IOException {
        while (true) {
            int without = 1;
            for (Address partner : settings.partners()) {
                Reply reply = client.askOne(partner, new Ask.Census(), CENSUS_MILLIS);
                if (reply instanceof Reply.Census(boolean hasLog)) {
                    if (hasLog) {
                        LOG.log(
                                System.Logger.Level.INFO,
                                "raft: " + node.self() + " joins the group of " + partner);
                        folder.beginJoining();
                        node.startConsensus(List.of());
                        return;
                    }
                    without++;
                }
            }
            if (without > settings.nodes().size() / 2) {
                gate.open();
                node.foundGroup();
                return;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /// Asks until the leader says that this node is a member.
    private long join() throws InterruptedException {
        while (true) {
            Reply reply =
                    client.ask(
                            new Ask.Join(node.self()),
                            Deadline.after(time, Duration.ofSeconds(30)));
            if (reply instanceof Reply.Joined(long index)) {
                return index;
            }
        }
    }

    /// A vote that was given before the data was lost counts for one election at most: not until
    /// that is over.
    private void outlastElections(long begunNanos) throws InterruptedException {
        RaftSettings.Timing timing = settings.timing();
        Duration wait = timing.election().plus(timing.spread()).multipliedBy(3);
        while (time.nanos() - begunNanos < wait.toNanos()) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
