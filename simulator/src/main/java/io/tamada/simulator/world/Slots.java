package io.tamada.simulator.world;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SlotFacts;
import io.tamada.ha.model.SlotNames;
import io.tamada.ha.port.SlotPlan;
import java.util.Map;
import java.util.TreeMap;

/// A server's physical replication slots: how they are brought in line, and how they look.
///
/// They keep no log from being removed: here nothing is ever removed.
final class Slots {

    private Slots() {}

    static void sync(DataDirectory data, SlotPlan plan) {
        Map<String, Lsn> slots = data.slots;
        if (!plan.keepUnknown()) {
            slots.keySet().retainAll(plan.wanted().keySet());
        }
        plan.wanted()
                .forEach((name, wanted) -> {
                    Lsn from =
                            wanted.position() == null ? Lsn.of(data.position) : wanted.position();
                    slots.merge(name, from, Lsn::max);
                });
    }

    static Map<String, SlotFacts> of(PostgresServer server) {
        DataDirectory data = server.data();
        for (Replication r : server.followers()) {
            data.slots.computeIfPresent(
                    SlotNames.of(MemberName.of(r.standbyName())), (_, _) -> Lsn.of(r.confirmed()));
        }
        Map<String, SlotFacts> facts = new TreeMap<>();
        data.slots.forEach((name, position) ->
                facts.put(name, SlotFacts.physical(isActive(server, name), position)));
        return facts;
    }

    private static boolean isActive(PostgresServer server, String slot) {
        return server.followers().stream()
                .anyMatch(r -> SlotNames.of(MemberName.of(r.standbyName())).equals(slot));
    }
}
