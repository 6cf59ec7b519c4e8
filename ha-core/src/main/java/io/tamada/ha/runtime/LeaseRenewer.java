package io.tamada.ha.runtime;

import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.dcs.LeaseKeeper;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.policy.LeaseMargins;
import io.tamada.ha.port.Mailbox.WakeReason;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;

/// Renews the lease on a thread of its own, so that whatever the loop waits for does not cost it.
///
/// It renews only while the loop has finished a turn recently: a hung engine has to lose the lease.
/// It is also the second line: when the lease is about to end and PostgreSQL may still accept
/// writes, it stops it itself.
final class LeaseRenewer {

    private static final Duration IDLE = Duration.ofHours(1);
    private static final Duration FENCE = Duration.ofSeconds(2);

    /// What the loop lets the renewer know.
    interface Loop {
        /// When the last turn ended.
        long lastTurnNanos();

        /// PostgreSQL may accept writes, and only the lease entitles it to.
        boolean isLeaseAllThatCounts();

        Duration ttl();
    }

    private final World world;
    private final LeaseKeeper keeper;
    private final TimeSource time;
    private final Loop loop;
    private long fencedEdge;

    LeaseRenewer(World world, Loop loop) {
        this.world = world;
        this.keeper = world.keeper();
        this.time = world.time();
        this.loop = loop;
    }

    /// Runs until interrupted.
    void run() {
        try {
            while (true) {
                long next = turn();
                var _ = world.renewals().await(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return when to be called again
    private long turn() throws InterruptedException {
        HeldLease lease = keeper.current();
        long now = time.nanos();
        if (lease == null) {
            return now + IDLE.toNanos();
        }
        Duration left = lease.remainingAt(now);
        if (left.compareTo(LeaseMargins.GUARD) <= 0) {
            secondLine(lease);
            return Math.max(lease.edgeNanos(), now) + Duration.ofMillis(50).toNanos();
        }
        long guardAt = lease.edgeNanos() - LeaseMargins.GUARD.toNanos();
        if (now - keeper.renewalDueNanos() < 0) {
            return Math.min(keeper.renewalDueNanos(), guardAt);
        }
        if (now - loop.lastTurnNanos() > loop.ttl().toNanos()) {
            return Math.min(now + retry().toNanos(), guardAt);
        }
        return renew(guardAt);
    }

    private long renew(long guardAt) throws InterruptedException {
        Duration third = loop.ttl().dividedBy(3);
        Duration left = Duration.ofNanos(guardAt - time.nanos());
        Deadline by = Deadline.after(time, third.compareTo(left) < 0 ? third : left);
        return switch (keeper.renew(by)) {
            case LeaseResult.Granted _ -> {
                HeldLease renewed = keeper.current();
                if (renewed != null) {
                    world.watchdog().keepAlive(renewed.edgeNanos());
                }
                yield keeper.renewalDueNanos();
            }
            case LeaseResult.Refused _ -> {
                world.mailbox().post(WakeReason.LEASE);
                yield time.nanos() + IDLE.toNanos();
            }
            case LeaseResult.Unknown _ -> Math.min(time.nanos() + retry().toNanos(), guardAt);
        };
    }

    private Duration retry() {
        Duration tenth = loop.ttl().dividedBy(10);
        return tenth.compareTo(Duration.ofSeconds(1)) < 0 ? tenth : Duration.ofSeconds(1);
    }

    private void secondLine(HeldLease lease) {
        if (fencedEdge == lease.edgeNanos() || !loop.isLeaseAllThatCounts()) {
            return;
        }
        fencedEdge = lease.edgeNanos();
        System.getLogger("io.tamada.ha")
                .log(
                        System.Logger.Level.WARNING,
                        "the lease ends and the engine has not acted: stopping PostgreSQL by force");
        boolean certain = world.postgres().fence(Deadline.after(time, FENCE));
        if (!certain) {
            System.getLogger("io.tamada.ha")
                    .log(
                            System.Logger.Level.ERROR,
                            "PostgreSQL could not be stopped before the lease ended");
        }
        world.mailbox().post(WakeReason.LEASE);
    }
}
