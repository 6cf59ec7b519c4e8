package io.tamada.simulator.invariant;

import io.tamada.dcs.ClusterCodec;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Versioned;
import io.tamada.simulator.world.Branch;
import io.tamada.simulator.world.Machine;
import io.tamada.simulator.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the invariants share: the violations found, what operators took upon themselves, and where
/// acknowledged commits lie.
public final class Judgement {

    private static final long ORDER_LASTS_NANOS = 600_000_000_000L;

    private final World world;
    private final List<Violation> violations = new ArrayList<>();
    private final Set<Branch> acknowledged = new LinkedHashSet<>();
    private final TreeMap<String, Long> lossAccepted = new TreeMap<>();
    private final TreeMap<String, Long> wipeAccepted = new TreeMap<>();
    private long pausedUntilNanos;
    private long failovers;

    public Judgement(World world) {
        this.world = world;
    }

    World world() {
        return world;
    }

    void violated(Object invariant, String what) {
        String name = invariant.getClass().getSimpleName();
        violations.add(new Violation(name, world.scheduler().nowNanos(), what));
        world.note("oracle", name, () -> "VIOLATED: " + what);
    }

    /// Reports something that only the driver of the simulation can see.
    public void violated(String name, String what) {
        violations.add(new Violation(name, world.scheduler().nowNanos(), what));
        world.note("oracle", name, () -> "VIOLATED: " + what);
    }

    public List<Violation> violations() {
        return violations;
    }

    /// How many servers ended recovery to lead.
    public long failovers() {
        return failovers;
    }

    void countFailover() {
        failovers++;
    }

    /// An operator asked this member to take over and accepted that commits may be lost.
    public void lossIsAcceptedOn(String machine) {
        lossAccepted.put(machine, world.scheduler().nowNanos() + ORDER_LASTS_NANOS);
    }

    boolean isLossAcceptedOn(Machine machine) {
        return lossAccepted.getOrDefault(machine.name(), -1L) >= world.scheduler().nowNanos();
    }

    /// An operator asked this member to throw its data away.
    public void wipeIsAcceptedOn(String machine) {
        wipeAccepted.put(machine, world.scheduler().nowNanos() + ORDER_LASTS_NANOS);
    }

    boolean isWipeAcceptedOn(Machine machine) {
        return wipeAccepted.getOrDefault(machine.name(), -1L) >= world.scheduler().nowNanos();
    }

    /// Nobody guards anything in pause, and for as long afterwards as an old lease may live.
    public void pausedUntil(long nanos) {
        pausedUntilNanos = nanos;
    }

    boolean isPaused() {
        return world.scheduler().nowNanos() < pausedUntilNanos;
    }

    /// What the store holds at this instant.
    ClusterView view() {
        return ClusterCodec.decode(world.storedEntries());
    }

    static ClusterSettings settings(ClusterView view) {
        Versioned<ConfigDocument> config = view.config();
        return config == null ? ClusterSettings.DEFAULT : ClusterSettings.of(config.value());
    }

    void acknowledged(Branch branch, long position) {
        branch.acknowledged(position);
        acknowledged.add(branch);
    }

    /// The branches that have acknowledged commits, in the order of their first.
    Set<Branch> acknowledgedBranches() {
        return acknowledged;
    }

    /// The first acknowledged commit that a log up to this position doesn't have; null when it has
    /// all.
    @Nullable String missingFrom(Branch branch, long position) {
        for (Branch b : acknowledged) {
            long reach = branch.reachInto(b, position);
            if (b.acknowledgedUpTo() > reach) {
                return "acknowledged commits up to "
                        + b.acknowledgedUpTo()
                        + " on "
                        + b
                        + ", of which there is "
                        + (reach < 0 ? "nothing" : "only what lies before " + reach);
            }
        }
        return null;
    }

    /// After the verdict about a loss: it is not reported again.
    void writeOff(Branch branch, long position) {
        for (Branch b : acknowledged) {
            b.forgetBeyond(branch.reachInto(b, position));
        }
    }
}
