package io.tamada.testkit;

import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What [DcsContract] needs of a backend: one cluster without any key, made anew for every test.
public interface DcsHarness extends AutoCloseable {

    /// What the backend is expected to claim.
    DcsCapabilities capabilities();

    /// Opens a store of this cluster, with a connection of its own. The contract closes it.
    ///
    /// @param member who opens it; null for a tool
    /// @param ttl of its first session
    DistributedConfigStore open(@Nullable MemberName member, Duration ttl);

    /// The clock that deadlines and sessions are measured by.
    TimeSource time();

    /// Lets so much time go by: moves a manual clock, or sleeps.
    void pass(Duration duration) throws InterruptedException;

    /// Stops the servers from answering, or lets them answer again, for instance by SIGSTOP and
    /// SIGCONT. Keys are kept. Asked for only where [#canBeSilenced].
    void silence(boolean silent);

    /// Whether [#silence] can be had.
    default boolean canBeSilenced() {
        return true;
    }

    /// The ttl that most tests ask for: short, but not so short that a slow machine loses leases.
    default Duration ttl() {
        Duration shortest = capabilities().shortestTtl();
        Duration wanted = Duration.ofSeconds(3);
        return shortest.compareTo(wanted) > 0 ? shortest : wanted;
    }

    /// How long a call may take while the store answers.
    default Duration patience() {
        return Eventually.scaled(Duration.ofSeconds(10));
    }

    /// How often concurrent tests repeat.
    default int fuzzRounds() {
        return 20;
    }

    /// True for a thread that a client library keeps for all of its clients, and that closing a
    /// store needn't end.
    default boolean isShared(Thread thread) {
        return false;
    }

    /// Ends the servers and removes what they wrote.
    @Override
    void close();
}
