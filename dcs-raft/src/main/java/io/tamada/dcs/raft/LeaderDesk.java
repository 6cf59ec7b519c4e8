package io.tamada.dcs.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.storage.LogStorage;
import io.tamada.dcs.raft.machine.CommandCodec;
import io.tamada.dcs.raft.machine.LogClock;
import io.tamada.dcs.raft.machine.Outcome;
import io.tamada.dcs.raft.wire.Address;
import io.tamada.ha.dcs.StoreServers;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Answers questions at one node: the leader does what is asked, others say who leads.
final class LeaderDesk {

    /// An entry of the log is no longer than this, in bytes.
    static final int COMMAND_MAX = 1 << 20;

    private static final String TOO_LATE = "the group did not agree in time";

    private final RaftMachine machine;
    private final LogStorage log;
    private volatile @Nullable Node node;

    /// @param log asked whether this node has one
    LeaderDesk(RaftMachine machine, LogStorage log) {
        this.machine = machine;
        this.log = log;
    }

    /// From now on this node takes part.
    void serve(Node started) {
        node = started;
    }

    /// Blocks until there is an answer, for `millis` at most.
    Reply answer(Ask ask, int millis) throws InterruptedException {
        Node here = node;
        if (ask instanceof Ask.Census) {
            return new Reply.Census(log.getLastLogIndex() > 0);
        }
        if (here == null) {
            return new Reply.NotLeader(null);
        }
        LogClock.Leadership leadership = machine.clock().leadership();
        if (leadership == null || !here.isLeader()) {
            return new Reply.NotLeader(leader());
        }
        try {
            return switch (ask) {
                case Ask.Propose(byte[] command, boolean _) ->
                        propose(here, leadership, command, millis);
                case Ask.Range(String prefix) -> range(here, prefix, millis);
                case Ask.Await(long revision, int wait) ->
                        changes(revision, Math.min(wait, millis));
                case Ask.Join(Address who) -> join(here, leadership, who, millis);
                case Ask.Members _ -> members(here, millis);
                case Ask.Remove(Address who) -> remove(here, leadership, who, millis);
                case Ask.Census _ -> new Reply.Census(true);
            };
        } catch (TimeoutException _) {
            return new Reply.Failed(TOO_LATE);
        } catch (ExecutionException e) {
            return new Reply.Failed(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
        } catch (IllegalStateException e) {
            return new Reply.Failed("the node is being stopped");
        }
    }

    /// Who leads as far as this node knows.
    @Nullable Address leader() {
        Node here = node;
        PeerId leader = here == null ? null : here.getLeaderId();
        return leader == null || leader.isEmpty()
                ? null
                : new Address(leader.getIp(), leader.getPort());
    }

    private Reply propose(Node here, LogClock.Leadership leadership, byte[] command, int millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        String wrong = problemOf(command);
        if (wrong != null) {
            return new Reply.Failed(wrong);
        }
        RaftMachine.Proposal proposal = new RaftMachine.Proposal();
        // The term makes sure that the stamp is not used after the lead was lost and won again, see
        // LogClock.
        here.apply(
                new Task(
                        CommandCodec.stamped(leadership.stamp(), command),
                        proposal,
                        leadership.term()));
        return new Reply.Decided(proposal.outcome.get(millis, TimeUnit.MILLISECONDS));
    }

    /// What is in the log must be readable for every member: a garbled command would stop them all.
    private static @Nullable String problemOf(byte[] command) {
        if (command.length > COMMAND_MAX) {
            return "a command of "
                    + command.length
                    + " bytes, and at most "
                    + COMMAND_MAX
                    + " are possible";
        }
        try {
            CommandCodec.command(new DataInputStream(new ByteArrayInputStream(command)));
            return null;
        } catch (IOException e) {
            return "a garbled command: " + e.getMessage();
        }
    }

    private Reply range(Node here, String prefix, int millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        readIndex(here, millis);
        return new Reply.Entries(machine.range(prefix));
    }

    /// Waits until a majority has confirmed that this node leads, and until what was committed
    /// before is applied here.
    private static long readIndex(Node here, int millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<Long> confirmed = new CompletableFuture<>();
        here.readIndex(
                new byte[0],
                new ReadIndexClosure(-1) {
                    @Override
                    public void run(Status status, long index, byte[] context) {
                        if (status.isOk()) {
                            confirmed.complete(index);
                        } else {
                            confirmed.completeExceptionally(new IOException(status.getErrorMsg()));
                        }
                    }
                });
        return confirmed.get(millis, TimeUnit.MILLISECONDS);
    }

    private Reply changes(long revision, int millis) throws InterruptedException {
        Reply.Changes changes = machine.changes().await(revision, millis);
        return changes == null ? new Reply.NotLeader(leader()) : changes;
    }

    private Reply join(Node here, LogClock.Leadership leadership, Address who, int millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        PeerId peer = peer(who);
        if (here.listPeers().contains(peer)) {
            settle(here, leadership, millis);
        } else {
            agree(done -> here.addPeer(peer, done), millis);
        }
        return new Reply.Joined(readIndex(here, millis));
    }

    private static Reply members(Node here, int millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        readIndex(here, millis);
        List<PeerId> heard = here.listAlivePeers();
        return new Reply.Members(
                here.listPeers().stream()
                        .map(peer ->
                                new StoreServers.Server(
                                        peer.getIp() + ":" + peer.getPort(),
                                        peer.equals(here.getLeaderId()),
                                        heard.contains(peer)))
                        .toList());
    }

    /// The leader hears of a majority, or it would not lead any more: what is left without one that
    /// it does not hear of has a majority all the more.
    private Reply remove(Node here, LogClock.Leadership leadership, Address who, int millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        PeerId peer = peer(who);
        if (here.listAlivePeers().contains(peer)) {
            return new Reply.Decided(
                    new Outcome.Refused(
                            who
                                    + " takes part: stop it first, or it would only ask to be added again"));
        }
        if (here.listPeers().contains(peer)) {
            agree(done -> here.removePeer(peer, done), millis);
        } else {
            settle(here, leadership, millis);
        }
        return new Reply.Decided(new Outcome.Applied(readIndex(here, millis)));
    }

    private static PeerId peer(Address address) {
        return new PeerId(address.host(), address.port());
    }

    /// The library lists members as they will be once a change is committed, and a change that
    /// isn't can still be lost with its leader. What is proposed now is committed after it, or not
    /// at all.
    private void settle(Node here, LogClock.Leadership leadership, int millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        var _ = propose(here, leadership, Ticker.TICK, millis);
    }

    /// Asks for a change of the members and waits until it is committed.
    private static void agree(Consumer<Closure> change, int millis)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<Boolean> agreed = new CompletableFuture<>();
        change.accept(status -> {
            if (status.isOk()) {
                agreed.complete(true);
            } else {
                agreed.completeExceptionally(new IOException(status.getErrorMsg()));
            }
        });
        agreed.get(millis, TimeUnit.MILLISECONDS);
    }
}
