package io.tamada.simulator.baton;

import io.tamada.ha.port.Mailbox;
import java.util.EnumSet;
import java.util.Set;

/// A mailbox whose time is a simulated machine's clock.
public final class SimMailbox implements Mailbox {

    private final BatonScheduler scheduler;
    private final SimClock clock;
    private EnumSet<WakeReason> arrived = EnumSet.noneOf(WakeReason.class);
    private Reply<Boolean> bell;

    public SimMailbox(BatonScheduler scheduler, SimClock clock) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.bell = new Reply<>(scheduler);
    }

    @Override
    public void post(WakeReason reason) {
        arrived.add(reason);
        bell.complete(true);
    }

    @Override
    public Set<WakeReason> await(long untilNanos) throws InterruptedException {
        bell.await(clock.worldNanosAt(untilNanos));
        Set<WakeReason> reasons = arrived;
        arrived = EnumSet.noneOf(WakeReason.class);
        bell = new Reply<>(scheduler);
        return reasons;
    }
}
