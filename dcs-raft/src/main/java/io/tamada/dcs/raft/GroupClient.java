package io.tamada.dcs.raft;

import io.tamada.dcs.raft.wire.Address;
import io.tamada.dcs.raft.wire.Caller;
import io.tamada.dcs.raft.wire.Messages;
import io.tamada.ha.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Finds the leader and asks it.
///
/// A question that certainly was not dealt with is put again, to the next or to who is said to
/// lead, until the deadline. One that may have been dealt with is put again only if that does no
/// harm.
final class GroupClient {

    private static final int PAUSE_MILLIS = 25;

    private final Caller caller;
    private final List<Address> nodes;
    private final @Nullable Address self;
    private final @Nullable LeaderDesk desk;
    private final long attemptMillis;
    private volatile @Nullable Address hint;
    private final AtomicInteger turn = new AtomicInteger();

    /// @param nodes whom to ask while no leader is known
    /// @param self this node, which is asked without the network; null for a client
    /// @param attempt an answer that takes longer is taken for lost
    GroupClient(
            Caller caller,
            List<Address> nodes,
            @Nullable Address self,
            @Nullable LeaderDesk desk,
            Duration attempt) {
        this.caller = caller;
        this.nodes = nodes;
        this.self = self;
        this.desk = desk;
        this.attemptMillis = attempt.toMillis();
    }

    private final AtomicReference<@Nullable Address> lastLeader = new AtomicReference<>();

    private record Attempt(@Nullable Reply reply, boolean sent, String problem) {}

    /// The leader's answer, or [Reply.Failed] when there was none by the deadline.
    Reply ask(Ask ask, Deadline by) throws InterruptedException {
        String problem = "no deadline left";
        while (!by.hasPassed()) {
            Address to = next();
            int millis = millis(ask, by);
            Attempt attempt =
                    to.equals(self) && desk != null
                            ? new Attempt(desk.answer(ask, millis), true, "")
                            : remote(to, ask, millis);
            switch (attempt.reply) {
                case null -> {
                    if (attempt.sent && !ask.repeatable()) {
                        return new Reply.Failed(attempt.problem);
                    }
                    problem = attempt.problem;
                    forget(to);
                }
                case Reply.NotLeader(Address leader) -> {
                    problem = "no leader of the group is known at " + to;
                    hint = leader;
                    if (leader != null && !leader.equals(to)) {
                        continue;
                    }
                }
                case Reply.Failed(String why) -> {
                    if (!ask.repeatable()) {
                        return attempt.reply;
                    }
                    problem = why;
                }
                case Reply.Decided _,
                        Reply.Entries _,
                        Reply.Changes _,
                        Reply.Joined _,
                        Reply.Members _,
                        Reply.Census _ -> {
                    hint = to;
                    return attempt.reply;
                }
            }
            Thread.sleep(Math.min(PAUSE_MILLIS, Math.max(1, by.remaining().toMillis())));
        }
        return new Reply.Failed("store unreachable: " + problem);
    }

    /// Asks one node once.
    @Nullable Reply askOne(Address node, Ask ask, int millis) throws InterruptedException {
        return remote(node, ask, millis).reply;
    }

    private int millis(Ask ask, Deadline by) {
        long wait = ask instanceof Ask.Await await ? await.millis() : 0;
        return (int) Math.max(1, Math.min(by.remaining().toMillis(), attemptMillis + wait));
    }

    private Address next() {
        Address local = desk == null ? null : desk.leader();
        Address known = local == null ? hint : local;
        return known == null
                ? nodes.get(Math.floorMod(turn.getAndIncrement(), nodes.size()))
                : known;
    }

    private void forget(Address who) {
        if (who.equals(hint)) {
            hint = null;
        }
    }

    /// The leader has changed: what is on its way to the one before is lost, and better known so
    /// now. Others only say who leads, and are left to do so.
    void leaderChanged() {
        Address leader = desk == null ? null : desk.leader();
        if (leader == null) {
            return;
        }
        Address before = lastLeader.getAndSet(leader);
        if (before != null && !before.equals(leader)) {
            caller.disconnect(before);
        }
    }

    private Attempt remote(Address to, Ask ask, int millis) throws InterruptedException {
        CompletableFuture<Attempt> done = new CompletableFuture<>();
        caller.call(
                to,
                Messages.ASK,
                Ask.bytes(ask, millis),
                millis,
                new Caller.Answer() {
                    @Override
                    public void answered(int type, byte[] body) {
                        try {
                            done.complete(new Attempt(Reply.read(body), true, ""));
                        } catch (IOException e) {
                            done.complete(
                                    new Attempt(
                                            null,
                                            true,
                                            "a garbled answer from " + to + ": " + e.getMessage()));
                        }
                    }

                    @Override
                    public void failed(boolean sent, boolean timedOut, String problem) {
                        done.complete(new Attempt(null, sent, problem));
                    }
                });
        try {
            return done.get(millis + 250L, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return new Attempt(null, true, "no answer from " + to);
        }
    }
}
