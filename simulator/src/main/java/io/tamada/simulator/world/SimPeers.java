package io.tamada.simulator.world;

import io.tamada.ha.HaNode;
import io.tamada.ha.HaNode.FailsafeReply;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.time.Deadline;
import io.tamada.simulator.baton.Reply;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Asks other members through the simulated network; their agents answer in threads of their own.
public final class SimPeers implements PeerClient {

    private final World world;
    private final Machine machine;

    public SimPeers(World world, Machine machine) {
        this.world = world;
        this.machine = machine;
    }

    /// Puts a question to all at once; null stands for whoever didn't answer in time.
    private <T> Map<MemberName, @Nullable T> askAll(
            Collection<Peer> peers, Deadline by, Function<HaNode, T> question)
            throws InterruptedException {
        List<Peer> ordered = peers.stream().sorted(Comparator.comparing(Peer::name)).toList();
        Map<MemberName, Reply<T>> replies = new TreeMap<>();
        for (Peer peer : ordered) {
            Reply<T> reply = new Reply<>(world.scheduler());
            replies.put(peer.name(), reply);
            world.network()
                    .send(machine.name(), peer.name().value(), () -> answer(peer, question, reply));
        }
        long until = machine.clock().worldNanosAt(by.atNanos());
        Map<MemberName, @Nullable T> answers = new TreeMap<>();
        for (Map.Entry<MemberName, Reply<T>> e : replies.entrySet()) {
            answers.put(e.getKey(), e.getValue().await(until));
        }
        return answers;
    }

    private <T> void answer(Peer peer, Function<HaNode, T> question, Reply<T> reply) {
        Machine other = world.machine(peer.name().value());
        AgentProcess agent = other == null ? null : other.agent();
        if (agent == null) {
            return;
        }
        agent.process()
                .start(
                        "rest",
                        () -> {
                            HaNode node = agent.node();
                            if (node != null) {
                                T given = question.apply(node);
                                world.network()
                                        .send(
                                                peer.name().value(),
                                                machine.name(),
                                                () -> reply.complete(given));
                            }
                        });
    }

    @Override
    public Map<MemberName, PeerAnswer> ask(Collection<Peer> peers, Deadline by)
            throws InterruptedException {
        Map<MemberName, PeerAnswer> result = new TreeMap<>();
        askAll(peers, by, Answers::of)
                .forEach((name, answer) ->
                        result.put(
                                name,
                                answer == null
                                        ? new PeerAnswer.Silent("no answer in time")
                                        : answer));
        return result;
    }

    @Override
    public Map<MemberName, Consent> failsafe(FailsafePing ping, Collection<Peer> peers, Deadline by)
            throws InterruptedException {
        Map<MemberName, Consent> result = new TreeMap<>();
        askAll(peers, by, node -> consent(node.failsafe(ping)))
                .forEach((name, answer) ->
                        result.put(
                                name,
                                answer == null ? new Consent.Denied("no answer in time") : answer));
        return result;
    }

    private static Consent consent(FailsafeReply reply) {
        return switch (reply) {
            case FailsafeReply.Accepted(var position) -> new Consent.Accepted(position);
            case FailsafeReply.Off() -> new Consent.Denied("failsafe mode is off there");
            case FailsafeReply.Leading() -> new Consent.Denied("it is a running leader itself");
        };
    }

    @Override
    public boolean isAlive(Peer peer, Deadline by) throws InterruptedException {
        return askAll(List.of(peer), by, _ -> true).get(peer.name()) != null;
    }

    @Override
    public void close() {}
}
