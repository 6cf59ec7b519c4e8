package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.SlotDefinition;
import io.tamada.ha.model.SlotFacts;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.SlotPlan;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Permanent logical slots have to be on a standby before it is promoted. A standby can't create
/// them: they are copied from the leader, which takes a restart.
final class LogicalSlots {

    /// How long after one copy the next may come, so that a slot that can't be kept does not
    /// restart the server again and again.
    private static final Duration PAUSE = Duration.ofMinutes(5);

    private LogicalSlots() {}

    /// @return null when all slots are here, or can't be copied now
    static @Nullable Decision copy(
            Deliberation d, ClusterView view, LocalPostgres.Standby standby) {
        MemberStatus leader = view.leaderMember();
        if (leader == null
                || leader.name().equals(d.me())
                || !leader.isPrimary()
                || !leader.isRunning()
                || !d.seen.settings().useSlots()
                || standby.server().version() < 110_000) {
            return null;
        }
        Set<String> missing = missing(d, view, standby);
        if (missing.isEmpty()) {
            return null;
        }
        Long last = d.memory.slotsCopiedAtNanos;
        if (last != null && !d.longAgo(last, PAUSE)) {
            d.because("logical slots " + missing + " are missing, and were copied a while ago");
            return null;
        }
        d.memory.slotsCopiedAtNanos = d.seen.now();
        Upstream source = Upstreams.ofMember(leader);
        return source.isNone()
                ? null
                : d.begin(
                        Rule.COPY_LOGICAL_SLOTS,
                        new PostgresTask.CopyLogicalSlots(source, missing),
                        missing,
                        leader.name());
    }

    /// Slots that the leader has, as it says in `/status`, and this standby has not, or not any
    /// more in a usable state.
    private static Set<String> missing(
            Deliberation d, ClusterView view, LocalPostgres.Standby standby) {
        Set<String> names = new TreeSet<>();
        for (Map.Entry<String, SlotPlan.Wanted> e : SlotPlanner.plan(d, view).wanted().entrySet()) {
            SlotFacts here = standby.server().slots().get(e.getKey());
            boolean usable = here != null && !here.lost();
            if (e.getValue().definition() instanceof SlotDefinition.Logical
                    && e.getValue().position() != null
                    && !usable) {
                names.add(e.getKey());
            }
        }
        return names;
    }
}
