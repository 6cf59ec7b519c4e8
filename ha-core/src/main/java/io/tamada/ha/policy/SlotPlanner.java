package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.SlotDefinition;
import io.tamada.ha.model.SlotFacts;
import io.tamada.ha.model.SlotNames;
import io.tamada.ha.port.SlotPlan;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which replication slots should exist on this member.
final class SlotPlanner {

    private static final SlotDefinition PHYSICAL = new SlotDefinition.Physical(null);

    private SlotPlanner() {}

    static SlotPlan plan(Deliberation d, ClusterView view) {
        Map<String, SlotPlan.Wanted> wanted = new TreeMap<>();
        boolean leads = d.seen.lease() != null;
        int version = version(d);
        boolean noFailover = d.seen.me().tags().noFailover();
        boolean keepForAll = version >= 110_000 && !d.seen.settings().memberSlotsTtl().isZero();
        for (MemberStatus member : view.members().values()) {
            if (!member.name().equals(d.me()) && !member.tags().noStream()) {
                memberSlot(d, view, member, leads, keepForAll, noFailover, wanted);
            }
        }
        if (keepForAll && !noFailover) {
            String own = SlotNames.of(d.me());
            view.status().retainSlots().stream()
                    .filter(name -> !name.equals(own))
                    .forEach(name ->
                            wanted.putIfAbsent(name, new SlotPlan.Wanted(PHYSICAL, null, false)));
        }
        if (!noFailover) {
            permanent(d, view, leads, version, wanted);
        }
        boolean clean = leads || !view.isLeaderless();
        return new SlotPlan(wanted, d.seen.settings().ignoreSlots(), d.paused(), clean);
    }

    private static int version(Deliberation d) {
        LocalPostgres.Server server = d.seen.postgres().running();
        return server == null ? 0 : server.version();
    }

    private static void memberSlot(
            Deliberation d,
            ClusterView view,
            MemberStatus member,
            boolean leads,
            boolean keepForAll,
            boolean noFailover,
            Map<String, SlotPlan.Wanted> wanted) {
        MemberName from = member.tags().replicateFrom();
        boolean fromMe = d.me().equals(from);
        boolean active =
                leads
                        ? from == null || fromMe || view.member(from) == null
                        : fromMe && !view.leader().isHeldBy(member.name());
        boolean exists = keepForAll ? !noFailover || fromMe : active;
        if (!exists) {
            return;
        }
        String slot = SlotNames.of(member.name());
        Lsn position = view.status().slots().get(slot);
        if (from != null && member.position() != null) {
            position = position == null ? member.position() : Lsn.max(position, member.position());
        }
        wanted.put(slot, new SlotPlan.Wanted(PHYSICAL, position, active));
    }

    private static void permanent(
            Deliberation d,
            ClusterView view,
            boolean leads,
            int version,
            Map<String, SlotPlan.Wanted> wanted) {
        boolean chain = chainToPrimary(d, view);
        boolean physicalOnly = d.standbyCluster() || !chain;
        String own = SlotNames.of(d.me());
        String kind = d.standbyCluster() ? "standby" : "primary";
        new TreeMap<>(d.seen.settings().permanentSlots())
                .forEach((name, slot) -> {
                    boolean fits = slot.clusterType() == null || slot.clusterType().equals(kind);
                    boolean possible =
                            switch (slot) {
                                case SlotDefinition.Physical _ -> version >= 110_000 || leads;
                                case SlotDefinition.Logical _ ->
                                        !physicalOnly && (version >= 110_000 || leads);
                            };
                    if (fits && possible && !name.equals(own)) {
                        wanted.putIfAbsent(
                                name,
                                new SlotPlan.Wanted(slot, view.status().slots().get(name), leads));
                    }
                });
    }

    /// My WAL comes from the primary by streaming all the way.
    private static boolean chainToPrimary(Deliberation d, ClusterView view) {
        if (d.seen.me().tags().noStream()) {
            return false;
        }
        Set<MemberName> visited = new HashSet<>();
        MemberName from = d.seen.me().tags().replicateFrom();
        while (from != null) {
            MemberStatus member = view.member(from);
            if (member == null) {
                return true;
            }
            if (member.tags().noStream() || !visited.add(from)) {
                return false;
            }
            from = member.tags().replicateFrom();
        }
        return true;
    }

    /// True when nothing would be created, dropped or advanced, so that PostgreSQL need not be
    /// bothered.
    static boolean isInLine(SlotPlan plan, Map<String, SlotFacts> slots) {
        for (Map.Entry<String, SlotPlan.Wanted> e : plan.wanted().entrySet()) {
            SlotFacts facts = slots.get(e.getKey());
            if (facts == null || facts.lost() || !inPlace(plan, e.getValue(), facts)) {
                return false;
            }
        }
        return slots.entrySet().stream()
                .allMatch(e ->
                        plan.wanted().containsKey(e.getKey())
                                || mayStay(plan, e.getKey(), e.getValue()));
    }

    private static boolean inPlace(SlotPlan plan, SlotPlan.Wanted wanted, SlotFacts facts) {
        if (!isOfKind(wanted.definition(), facts)) {
            return false;
        }
        boolean idle = !facts.logical() && !wanted.expectedActive() && !facts.active();
        if (idle && (facts.position() == null || (plan.cleanXmin() && facts.xmin()))) {
            return false;
        }
        return wanted.expectedActive()
                || facts.active()
                || !isBehind(facts.position(), wanted.position());
    }

    private static boolean isOfKind(SlotDefinition wanted, SlotFacts facts) {
        return switch (wanted) {
            case SlotDefinition.Physical _ -> !facts.logical();
            case SlotDefinition.Logical(String database, String plugin, _) ->
                    facts.logical()
                            && database.equals(facts.database())
                            && plugin.equals(facts.plugin());
        };
    }

    private static boolean isBehind(@Nullable Lsn actual, @Nullable Lsn wanted) {
        return wanted != null && (actual == null || actual.isBefore(wanted));
    }

    private static boolean mayStay(SlotPlan plan, String name, SlotFacts facts) {
        return plan.keepUnknown()
                || facts.failover()
                || plan.ignored().stream().anyMatch(m -> m.matches(name, facts));
    }
}
