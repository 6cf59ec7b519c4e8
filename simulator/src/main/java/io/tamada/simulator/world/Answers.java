package io.tamada.simulator.world;

import io.tamada.ha.HaNode;
import io.tamada.ha.HaStatus;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.model.Timeline;
import java.time.Duration;

/// What a member's REST API says of it, from its published snapshot.
final class Answers {

    private Answers() {}

    /// As its REST API does, it waits a moment for positions as of now.
    private static final Duration FRESH_WAIT = Duration.ofMillis(500);

    static PeerAnswer of(HaNode node) {
        HaStatus status;
        try {
            status = node.freshStatus(FRESH_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            status = node.status();
        }
        LocalPostgres postgres = status.postgres();
        LocalPostgres.Server server = postgres.running();
        Timeline timeline = server == null ? null : server.timeline();
        Lsn position =
                switch (postgres) {
                    case LocalPostgres.Primary p -> p.position();
                    case LocalPostgres.Standby s -> s.position();
                    case LocalPostgres.NoData _,
                            LocalPostgres.Stopped _,
                            LocalPostgres.Starting _,
                            LocalPostgres.Stopping _,
                            LocalPostgres.Unresponsive _ ->
                            null;
                };
        if (position == null) {
            return new PeerAnswer.Silent("PostgreSQL does not run there");
        }
        return new PeerAnswer.Answered(
                !(postgres instanceof LocalPostgres.Primary),
                position,
                timeline,
                status.tags(),
                status.watchdogFailed(),
                status.generation());
    }
}
