package io.tamada.dcs.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.rpc.ProtobufMsgFactory;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.util.concurrent.FixedThreadsExecutorGroup;
import io.tamada.dcs.raft.wire.Address;
import io.tamada.dcs.raft.wire.Caller;
import io.tamada.dcs.raft.wire.Listener;
import io.tamada.dcs.raft.wire.Messages;
import io.tamada.dcs.raft.wire.Network;
import io.tamada.dcs.raft.wire.RaftAnswers;
import io.tamada.dcs.raft.wire.VoteGate;
import io.tamada.dcs.raft.wire.WireTimers;
import io.tamada.ha.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A member of the group with a vote and with the data: network, log, machine and the consensus
/// library's node.
final class RaftNode implements AutoCloseable, RaftMachine.Listener {

    static final String GROUP = "tamada";

    private static final System.Logger LOG = System.getLogger(RaftNode.class.getName());

    /// So many entries are kept between two snapshots: the log stays at a few megabytes.
    private static final int SNAPSHOT_EVERY = 4096;

    private static final int QUESTIONS_MAX = 256;

    /// How long the first node of a new group waits before it stands for election, and the random
    /// part that is added to it.
    private static final int FIRST_ELECTION_MILLIS = 150;

    private static final int FIRST_ELECTION_SPREAD_MILLIS = 100;

    private final RaftSettings settings;
    private final Address self;
    private final DataFolder folder;
    private final Listener listener;
    private final ScheduledThreadPoolExecutor timer = WireTimers.scheduler("raft-timer");
    private final FixedThreadsExecutorGroup appenders = NodeOptionsOf.appenders();
    private final Executor perTask = task -> Thread.ofVirtual().name("raft-call").start(task);
    private final Semaphore questions = new Semaphore(QUESTIONS_MAX);
    private final Caller consensusCaller;
    private final Caller storeCaller;
    private final LogStorage log;
    private final RaftMachine machine;
    private final LeaderDesk desk;
    private final GroupClient client;
    private final Ticker ticker;
    private final VoteGate gate;
    private final Membership membership;
    private volatile @Nullable Node node;
    private volatile boolean closed;
    private volatile boolean founding;
    private int sinceSnapshot;

    private RaftNode(
            RaftSettings settings,
            Network network,
            Listener listener,
            DataFolder folder,
            TimeSource time) {
        this.settings = settings;
        this.self = Objects.requireNonNull(settings.self());
        this.folder = folder;
        this.listener = listener;
        RaftSettings.Timing timing = settings.timing();
        int connectMillis = (int) Math.min(2_000, timing.connection().toMillis());
        long silence = timing.connection().toMillis();
        this.consensusCaller = new Caller(network, timer, connectMillis, silence);
        this.storeCaller = new Caller(network, timer, connectMillis, silence);
        this.machine = new RaftMachine(time, this);
        this.log = NodeOptionsOf.log(folder, machine.clock()::received);
        this.desk = new LeaderDesk(machine, log);
        this.client =
                new GroupClient(storeCaller, settings.nodes(), self, desk, timing.connection());
        this.ticker = new Ticker(machine, desk, timer);
        this.gate = new VoteGate(!folder.isJoining() && !folder.isFresh());
        RaftAnswers.register(listener, gate, perTask);
        this.membership = new Membership(this, settings, folder, gate, client, time);
        listener.answer(Messages.ASK, this::asked);
    }

    /// Takes folder and port, and starts. Whether there is a leader is seen by asking.
    ///
    /// @throws IllegalArgumentException when the folder or the port cannot be had, with what to do
    static RaftNode open(RaftSettings settings, Network network, TimeSource time) {
        Address self = Objects.requireNonNull(settings.self());
        LibraryNoise.quieten();
        ProtobufMsgFactory.load();
        DataFolder folder = DataFolder.open(settings.dataDir(), self);
        Listener listener;
        try {
            listener = Listener.bind(network, Objects.requireNonNull(settings.bind()));
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
        RaftNode node = new RaftNode(settings, network, listener, folder, time);
        try {
            node.begin();
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private void begin() {
        if (!folder.isFresh()) {
            startConsensus(folder.isJoining() ? List.of() : settings.nodes());
        }
        listener.start();
        membership.start();
    }

    /// Starts a new group together with all nodes that are configured. One of them, which all agree
    /// on, stands for election right away: nobody has to wait until a leader is silent that never
    /// was. The others would stand in their turn.
    void foundGroup() {
        startConsensus(settings.nodes());
        Address first =
                settings.nodes().stream().min(Comparator.comparing(Address::toString)).orElse(self);
        if (self.equals(first)) {
            founding = true;
            standAfter(FIRST_ELECTION_MILLIS, FIRST_ELECTION_SPREAD_MILLIS);
        }
    }

    private void endFounding() {
        if (founding && desk.leader() != null) {
            founding = false;
            RaftSettings.Timing timing = settings.timing();
            standAfter((int) timing.election().toMillis(), (int) timing.spread().toMillis());
        }
    }

    private void standAfter(int millis, int spreadMillis) {
        Node here = node;
        if (here != null) {
            here.getRaftOptions().setMaxElectionDelayMs(spreadMillis);
            here.resetElectionTimeoutMs(millis);
        }
    }

    /// Starts the library's node.
    ///
    /// @param initial the members as long as the log names none; empty for a node that waits to be
    ///   given a log
    void startConsensus(List<Address> initial) {
        PeerId id = peer(self);
        Configuration members = new Configuration(initial.stream().map(RaftNode::peer).toList());
        NodeManager.getInstance().addAddress(id.getEndpoint());
        try {
            Node started =
                    RaftServiceFactory.createAndInitRaftNode(
                            GROUP,
                            id,
                            NodeOptionsOf.node(
                                    settings,
                                    folder,
                                    members,
                                    machine,
                                    log,
                                    consensusCaller,
                                    gate,
                                    appenders));
            node = started;
            desk.serve(started);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "raft: cannot start with the data in "
                            + folder
                            + " ("
                            + e.getMessage()
                            + "): repair it, or move the folder away so that this member gets its data from the others",
                    e);
        }
    }

    private static PeerId peer(Address address) {
        return new PeerId(address.host(), address.port());
    }

    private void asked(Listener.Question question) throws IOException {
        Ask.Received received = Ask.read(question.body());
        if (!questions.tryAcquire()) {
            question.answer(Messages.ASK, Reply.bytes(new Reply.NotLeader(null)));
            return;
        }
        perTask.execute(() -> {
            try {
                question.answer(
                        Messages.ASK, Reply.bytes(desk.answer(received.ask(), received.millis())));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                questions.release();
            }
        });
    }

    GroupClient client() {
        return client;
    }

    LeaderDesk desk() {
        return desk;
    }

    Address self() {
        return self;
    }

    /// How far the log was applied here.
    long appliedIndex() {
        Node here = node;
        return here == null ? 0 : here.getLastAppliedLogIndex();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void leaderChanged() {
        Address leader = desk.leader();
        LOG.log(
                System.Logger.Level.INFO,
                leader == null ? "raft: no leader" : "raft: " + leader + " leads");
        perTask.execute(() -> {
            endFounding();
            client.leaderChanged();
            ticker.reconsider();
        });
    }

    @Override
    public void applied(int entries) {
        ticker.reconsider();
        sinceSnapshot += entries;
        Node here = node;
        if (sinceSnapshot >= SNAPSHOT_EVERY && here != null) {
            sinceSnapshot = 0;
            here.snapshot(status -> {
                if (!status.isOk()) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "no snapshot was taken: " + status.getErrorMsg());
                }
            });
        }
    }

    @Override
    public void broken(String problem) {
        LOG.log(
                System.Logger.Level.ERROR,
                "this raft node has stopped working until it is restarted: " + problem);
    }

    /// Stops within a few seconds; hands the lead over first if it has it.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        membership.close();
        ticker.stop();
        Node here = node;
        if (here != null) {
            here.shutdown();
            joinFor(here, Duration.ofSeconds(5));
        }
        NodeManager.getInstance().removeAddress(peer(self).getEndpoint());
        consensusCaller.close();
        storeCaller.close();
        listener.close();
        appenders.shutdownGracefully();
        timer.shutdownNow();
        folder.close();
    }

    private static void joinFor(Node node, Duration limit) {
        Thread joining =
                Executors.defaultThreadFactory()
                        .newThread(() -> {
                            try {
                                node.join();
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                        });
        joining.setDaemon(true);
        joining.start();
        try {
            if (!joining.join(limit)) {
                LOG.log(System.Logger.Level.WARNING, "the raft node takes long to stop");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
