package io.tamada.ha.policy;

import static io.tamada.ha.policy.QuorumWorld.ME;
import static io.tamada.ha.policy.QuorumWorld.members;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SyncState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Commits, standbys that lag, come and go, and a planner that is followed one step at a time:
/// after every event, whoever could be elected without the primary has every commit that was
/// acknowledged.
class SyncWalkTest {

    private static final int EVENTS = 60;

    private final Map<MemberName, Integer> positions = new HashMap<>();
    private final Set<MemberName> connected = new TreeSet<>();
    private final Set<MemberName> ready = new HashSet<>();
    private SyncState key = SyncState.EMPTY;
    private String setting = "";
    private int written;
    private int acknowledged;
    private int safe;
    private int wanted = 1;

    @ParameterizedTest(name = "quorum: {0}, members: {1}")
    @CsvSource({"false, 3", "false, 5", "true, 3", "true, 4", "true, 5"})
    void whoever_can_be_elected_has_every_acknowledged_commit(boolean quorum, int members) {
        for (int seed = 0; seed < 1000; seed++) {
            new SyncWalkTest().walk(new Random(seed), quorum, members, "seed " + seed);
        }
    }

    private void walk(Random random, boolean quorum, int members, String seed) {
        List<MemberName> others = new ArrayList<>(members("bcde".substring(0, members - 1)));
        others.forEach(name -> positions.put(name, 0));
        List<String> story = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            MemberName one = others.get(random.nextInt(others.size()));
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    written++;
                    story.add("write " + written);
                }
                case 2, 3 -> {
                    if (connected.contains(one)) {
                        int behind = written - positions.getOrDefault(one, 0);
                        int now = written - (behind == 0 ? 0 : random.nextInt(behind));
                        positions.put(one, now);
                        story.add(one + " has " + now);
                    }
                }
                case 4 -> {
                    if (!connected.remove(one)) {
                        connected.add(one);
                    }
                    story.add("connected " + connected);
                }
                case 5 -> wanted = 1 + random.nextInt(2);
                default -> story.add(plan(quorum, others));
            }
            acknowledge();
            assertNothingLost(quorum, seed, story);
        }
    }

    private String plan(boolean quorum, List<MemberName> others) {
        SyncNames running = SyncNames.parse(setting);
        for (MemberName name : running.members()) {
            if (connected.contains(name) && positions.getOrDefault(name, 0) >= safe) {
                ready.add(name);
            }
        }
        ready.retainAll(running.members());
        Set<MemberName> active = quorum ? new TreeSet<>(connected) : picked(others);
        Set<MemberName> confirmed = new TreeSet<>(ready);
        confirmed.retainAll(active);
        SyncStep step =
                quorum
                        ? SyncRules.quorumStep(
                                ME,
                                key,
                                running,
                                new SyncCandidates(
                                        active,
                                        confirmed,
                                        new SyncMemory(setting, Lsn.ZERO, ready)),
                                new io.tamada.ha.model.ReplicationMode.Quorum(wanted, false))
                        : PriorityPlanner.next(ME, key, running, active, confirmed, false);
        switch (step) {
            case SyncStep.WriteKey(SyncState state) -> key = state;
            case SyncStep.SetNames(String names) -> {
                setting = names;
                safe = written;
                if (quorum) {
                    ready.clear();
                }
                ready.retainAll(SyncNames.parse(names).members());
            }
            case SyncStep.Settled _, SyncStep.Await _, SyncStep.Lacking _ -> {}
        }
        return step.toString();
    }

    private Set<MemberName> picked(List<MemberName> others) {
        return new TreeSet<>(others.stream().filter(connected::contains).limit(wanted).toList());
    }

    /// As PostgreSQL does: a commit is acknowledged once the running setting is satisfied.
    private void acknowledge() {
        SyncNames running = SyncNames.parse(setting);
        if (running.kind() == SyncNames.Kind.OFF) {
            acknowledged = written;
            return;
        }
        List<Integer> have = new ArrayList<>();
        running.members().forEach(name -> have.add(positions.getOrDefault(name, 0)));
        have.sort(Collections.reverseOrder());
        if (running.number() <= have.size()) {
            acknowledged = Math.max(acknowledged, have.get(running.number() - 1));
        }
    }

    private void assertNothingLost(boolean quorum, String seed, List<String> story) {
        if (!key.isLeader(ME)) {
            return;
        }
        List<Integer> electorate = new ArrayList<>();
        key.standbys().forEach(name -> electorate.add(positions.getOrDefault(name, 0)));
        int elected = quorum ? key.quorum() + 1 : 1;
        if (electorate.size() < elected) {
            return;
        }
        Collections.sort(electorate);
        int worst = electorate.get(elected - 1);
        if (worst < acknowledged) {
            assertThat(worst)
                    .as(
                            "%s: %s with '%s', positions %s after %s",
                            seed, key, setting, positions, story)
                    .isGreaterThanOrEqualTo(acknowledged);
        }
    }
}
