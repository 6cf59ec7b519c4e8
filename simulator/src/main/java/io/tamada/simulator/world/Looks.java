package io.tamada.simulator.world;

import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.TimelineHistory;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.model.WalSender;
import io.tamada.simulator.world.PostgresServer.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a server looks to its agent.
final class Looks {

    private static final int VERSION = 170_002;

    private Looks() {}

    static LocalPostgres of(PostgresServer server, Duration inPhase, LocalPostgres stopped) {
        return switch (server.phase()) {
            case DOWN -> stopped;
            case STARTING ->
                    new LocalPostgres.Starting(
                            server.data().control(),
                            !server.wasPrimary(),
                            server.data().upstream,
                            inPhase);
            case STANDBY, PROMOTING -> standby(server);
            case PRIMARY -> primary(server);
            case STOPPING ->
                    new LocalPostgres.Stopping(server.data().control(), server.wasPrimary());
        };
    }

    private static LocalPostgres.Server facts(PostgresServer server) {
        DataDirectory data = server.data();
        SyncNames names = server.syncNames();
        List<Replication> streaming = server.streaming();
        List<WalSender> senders = new ArrayList<>();
        for (Replication r : server.followers()) {
            Lsn flushed = Lsn.of(r.confirmed());
            boolean counts = server.phase() == Phase.PRIMARY && r.isStreaming();
            senders.add(
                    new WalSender(
                            r.standbyName(),
                            "replicator",
                            null,
                            r.isStreaming() ? "streaming" : "catchup",
                            counts ? names.stateOf(r, streaming) : "async",
                            names.priority(r.standbyName()),
                            flushed,
                            flushed,
                            flushed));
        }
        return new LocalPostgres.Server(
                data.systemId,
                VERSION,
                server.startedAt(),
                Timeline.of(data.branch.timeline()),
                true,
                PendingRestart.NONE,
                senders,
                Slots.of(server));
    }

    private static LocalPostgres.Standby standby(PostgresServer server) {
        DataDirectory data = server.data();
        Replication source = server.source();
        boolean streams = source != null && source.isOpenAtStandby();
        Lsn position = Lsn.of(data.position);
        return new LocalPostgres.Standby(
                facts(server),
                position,
                position,
                null,
                false,
                streams ? "streaming" : null,
                data.upstream,
                streams ? position : null);
    }

    private static LocalPostgres.Primary primary(PostgresServer server) {
        DataDirectory data = server.data();
        return new LocalPostgres.Primary(
                facts(server),
                Lsn.of(data.position),
                data.synchronousStandbyNames,
                "on",
                history(data.branch),
                server.isCheckpointed());
    }

    private static @Nullable TimelineHistory history(Branch branch) {
        List<TimelineHistory.Switch> switches = new ArrayList<>();
        for (Branch b = branch; b != null; b = b.parent()) {
            Branch parent = b.parent();
            if (parent != null && parent.timeline() != b.timeline()) {
                switches.addFirst(
                        new TimelineHistory.Switch(
                                Timeline.of(parent.timeline()),
                                Lsn.of(b.forkAt()),
                                "no recovery target specified",
                                null,
                                null));
            }
        }
        return new TimelineHistory(switches);
    }

    static String name(Upstream upstream) {
        return switch (upstream) {
            case Upstream.None() -> "nobody";
            case Upstream.Member(var name, _) -> name.value();
            case Upstream.Remote _ -> "a remote cluster";
        };
    }
}
