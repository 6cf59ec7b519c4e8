package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.SlotPlan;
import org.jspecify.annotations.Nullable;

/// What every member with a running server does in every turn.
final class Duties {

    private Duties() {}

    static @Nullable Decision ofEverybody(Deliberation d, ClusterView view) {
        if (!d.seen.settings().equals(d.memory.configured) && d.notYet(Rule.CONFIGURE)) {
            d.memory.configured = d.seen.settings();
            return d.operate(Rule.CONFIGURE, new PostgresOrder.Configure(d.seen.settings()));
        }
        if (d.outcome(Rule.CONFIGURE) instanceof Outcome.OfOrder(OrderResult.Failed(String why))) {
            d.memory.configured = null;
            d.because("the configuration could not be applied: " + why);
        }
        return slots(d, view);
    }

    private static @Nullable Decision slots(Deliberation d, ClusterView view) {
        LocalPostgres.Server server = d.seen.postgres().running();
        if (server == null
                || view.config() == null
                || !d.seen.settings().useSlots()
                || !d.notYet(Rule.SYNC_SLOTS)) {
            return null;
        }
        SlotPlan plan = SlotPlanner.plan(d, view);
        return SlotPlanner.isInLine(plan, server.slots())
                ? null
                : d.operate(Rule.SYNC_SLOTS, new PostgresOrder.SyncSlots(plan));
    }
}
