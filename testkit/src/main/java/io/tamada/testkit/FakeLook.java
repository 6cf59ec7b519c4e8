package io.tamada.testkit;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.LocalPostgres.Primary;
import io.tamada.ha.model.LocalPostgres.Server;
import io.tamada.ha.model.LocalPostgres.Standby;
import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.SlotFacts;
import io.tamada.ha.model.SlotNames;
import io.tamada.ha.model.WalSender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one look at a simulated server finds. With the world's lock held.
final class FakeLook {

    private static final int VERSION = 150010;

    private FakeLook() {}

    static LocalPostgres at(FakeServer server, long now) {
        FakeData data = server.data;
        if (data == null) {
            return new LocalPostgres.NoData(null);
        }
        ControlData control = data.control();
        return switch (server.stage) {
            case DOWN ->
                    new LocalPostgres.Stopped(
                            control,
                            server.crashed,
                            data.standbySignal,
                            data.backupLabel,
                            server.lastFailure);
            case STARTING ->
                    new LocalPostgres.Starting(
                            control,
                            server.recovery,
                            server.upstream,
                            Duration.ofNanos(now - server.startedNanos));
            case STOPPING -> new LocalPostgres.Stopping(control, !server.recovery);
            case UP -> server.recovery ? standby(server, data) : primary(server, data);
        };
    }

    static LocalPostgres unresponsive(FakeServer server, long now) {
        FakeData data = server.data;
        return new LocalPostgres.Unresponsive(
                data == null ? null : data.control(),
                !server.recovery,
                Duration.ofNanos(now - server.deafSince),
                "the server does not answer");
    }

    private static LocalPostgres primary(FakeServer server, FakeData data) {
        return new Primary(
                facts(server, data),
                data.wal.end(),
                server.synchronousStandbyNames,
                "on",
                data.wal.history(),
                data.isCheckpointed());
    }

    private static LocalPostgres standby(FakeServer server, FakeData data) {
        FakeStream stream = server.receiver();
        return new Standby(
                facts(server, data),
                data.wal.end(),
                server.replayed,
                null,
                server.replayPaused,
                stream == null ? null : "streaming",
                server.upstream,
                stream == null ? null : stream.sourceEnd());
    }

    private static Server facts(FakeServer server, FakeData data) {
        List<WalSender> senders = new ArrayList<>();
        Map<String, SlotFacts> slots = new TreeMap<>(server.slots);
        for (FakeStream stream : server.senders()) {
            String standby = stream.standby().name().value();
            senders.add(
                    new WalSender(
                            standby,
                            "replicator",
                            null,
                            "streaming",
                            server.rule().state(standby, server.confirmed()),
                            server.rule().priority(standby),
                            stream.flushed(),
                            stream.flushed(),
                            stream.flushed()));
            slots.computeIfPresent(
                    SlotNames.of(stream.standby().name()),
                    (_, _) -> SlotFacts.physical(true, stream.flushed()));
        }
        return new Server(
                data.systemId,
                VERSION,
                server.startedAt,
                data.wal.branch().timeline(),
                data.rewindable,
                PendingRestart.NONE,
                senders,
                slots);
    }
}
