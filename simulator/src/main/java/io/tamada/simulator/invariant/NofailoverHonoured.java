package io.tamada.simulator.invariant;

import io.tamada.ha.model.Tags;
import io.tamada.simulator.world.Branch;
import io.tamada.simulator.world.PostgresServer;
import java.util.function.Function;

/// A member that is tagged never to lead is promoted only when an operator asks for it by name.
public final class NofailoverHonoured extends Watching {

    private final Function<String, Tags> tags;

    public NofailoverHonoured(Judgement judgement, Function<String, Tags> tags) {
        super(judgement);
        this.tags = tags;
    }

    @Override
    public void promoting(PostgresServer server, Branch branch, long position) {
        String name = server.machine().name();
        boolean bornHere = branch.parent() == null && judgement().acknowledgedBranches().isEmpty();
        if (tags.apply(name).noFailover()
                && !bornHere
                && !judgement().isLossAcceptedOn(server.machine())) {
            violated(name + " was promoted though it is tagged nofailover");
        }
    }
}
