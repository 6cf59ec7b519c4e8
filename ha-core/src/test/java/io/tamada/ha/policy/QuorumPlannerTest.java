package io.tamada.ha.policy;

import static io.tamada.ha.policy.QuorumWorld.ME;
import static io.tamada.ha.policy.QuorumWorld.letters;
import static io.tamada.ha.policy.QuorumWorld.members;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SyncState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuorumPlannerTest {

    /// Worked examples; `from` and `steps` as in `b:cd q1, 1 of cd`. The primary is a.
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    standbys show up                 | a:   q0, 0 of    | bc  | 0 | 1 | ANY 1 (b,c)              | wait
                    none of them has confirmed       | a:   q0, 1 of bc | bc  | 0 | 1 | wait                     |
                    one of them has confirmed        | a:   q0, 1 of bc | bc  | 1 | 1 | a:bc q1                  |
                    one of two wanted has confirmed  | a:   q0, 2 of bcd| bcd | 1 | 2 | a:bcd q2                 |
                    later all three have             | a:bcd q2, 2 of bcd| bcd| 3 | 2 | a:bcd q1                 |
                    one more joins                   | a:bc q1, 1 of bc | bcd | 2 | 1 | a:bcd q2                 | ANY 1 (b,c,d)
                    one of two leaves                | a:bc q1, 1 of bc | b   | 1 | 1 | ANY 1 (b)                | a:b q0
                    one of two needed leaves         | a:bc q0, 2 of bc | b   | 1 | 2 | a:b q0                   | ANY 1 (b)
                    all leave                        | a:bc q1, 1 of bc |     | 0 | 1 | a: q0                    | off
                    one more is wanted of three      | a:bcd q2, 1 of bcd| bcd| 3 | 2 | ANY 2 (b,c,d)            | a:bcd q1
                    one fewer is wanted of three     | a:bcd q1, 2 of bcd| bcd| 3 | 1 | a:bcd q2                 | ANY 1 (b,c,d)
                    b led before and nobody connects | b:acd q1, 2 of bcd|    | 0 | 2 | a:bcd q1                 |
                    then two connect, b is gone      | a:bcd q1, 2 of bcd| cd | 2 | 2 | ANY 2 (c,d)              | a:cd q0
                    stopped between two steps        | a:bcd q2, 1 of bc| bcd | 2 | 1 | ANY 1 (b,c,d)            |
                    """)
    void worked_examples_go_step_by_step(
            String name,
            String from,
            String active,
            int confirmed,
            int wanted,
            String first,
            String second) {
        assertThat(name).isNotBlank();
        List<QuorumPlanner.Step> steps =
                QuorumPlanner.plan(
                        new QuorumPlanner.Input(
                                ME,
                                world(from).key(),
                                world(from).running(),
                                members(active == null ? "" : active),
                                confirmed,
                                wanted));
        List<String> told = steps.stream().map(QuorumPlannerTest::text).toList();
        assertThat(told).isEqualTo(second == null ? List.of(first) : List.of(first, second));
    }

    private static QuorumWorld world(String text) {
        var m =
                java.util.regex.Pattern.compile("(\\w):(\\w*)\\s+q(\\d), (\\d) of ?(\\w*)\\s*")
                        .matcher(text);
        assertThat(m.matches()).as(text).isTrue();
        return QuorumWorld.of(
                m.group(1),
                Integer.parseInt(m.group(3)),
                m.group(2),
                Integer.parseInt(m.group(4)),
                m.group(5));
    }

    private static String text(QuorumPlanner.Step step) {
        return switch (step) {
            case QuorumPlanner.Step.Key(SyncState s) ->
                    s.leader() + ":" + letters(s.standbys()) + " q" + s.quorum();
            case QuorumPlanner.Step.Names(int number, var names) ->
                    names.isEmpty() ? "off" : SyncNames.format(true, number, names);
            case QuorumPlanner.Step.Restart() -> "wait";
        };
    }

    // ---- all small worlds
    // --------------------------------------------------------------------------------------

    private static final int STEPS_MAX = 12;

    /// Every state that can be reached with so many members, whatever comes and goes, whoever leads
    /// next, and wherever the way is cut short.
    private static Set<QuorumWorld> reachable(int members) {
        String others = "bcde".substring(0, members - 1);
        Set<QuorumWorld> seen = new HashSet<>();
        Deque<QuorumWorld> todo = new ArrayDeque<>();
        QuorumWorld empty = QuorumWorld.of("", 0, "", 0, "");
        seen.add(empty);
        todo.add(empty);
        while (!todo.isEmpty()) {
            QuorumWorld world = todo.poll();
            for (QuorumWorld next : successors(world, others)) {
                if (seen.add(next)) {
                    assertThat(next.isSafe()).as("%s, reached from %s", next, world).isTrue();
                    todo.add(next);
                }
            }
        }
        return seen;
    }

    private static Set<QuorumWorld> successors(QuorumWorld world, String others) {
        Set<QuorumWorld> next = new HashSet<>();
        for (Set<MemberName> active : subsets(others)) {
            Set<MemberName> listed = new TreeSet<>(active);
            listed.retainAll(world.names());
            for (Set<MemberName> confirmed : subsets(letters(listed))) {
                for (int wanted = 1; wanted < others.length() + 1; wanted++) {
                    SyncStep step = world.next(active, confirmed, wanted, false);
                    assertLegal(step);
                    next.add(world.after(step));
                }
            }
        }
        for (int i = 0; i < others.length(); i++) {
            next.add(promoted(world, MemberName.of(others.substring(i, i + 1))));
        }
        return next;
    }

    /// PostgreSQL refuses a number of 0.
    private static void assertLegal(SyncStep step) {
        if (step instanceof SyncStep.SetNames(String names)) {
            assertThat(names).doesNotContain("ANY 0");
        }
    }

    /// Another member was elected: it sets the names by what the key says, before it is promoted.
    /// The two change names, so that the primary is `a` again.
    private static QuorumWorld promoted(QuorumWorld world, MemberName elected) {
        if (!world.key().isActive()) {
            return world;
        }
        SyncNames names = SyncNames.parse(SyncRules.quorumNames(elected, world.key(), false));
        Set<MemberName> set = swapped(names.members(), elected);
        MemberName leader = world.key().leader();
        SyncState key =
                SyncState.of(
                        leader == null ? ME : swap(leader, elected),
                        swapped(world.key().standbys(), elected),
                        world.key().quorum());
        return new QuorumWorld(key, names.number(), set);
    }

    private static Set<MemberName> swapped(Set<MemberName> members, MemberName with) {
        Set<MemberName> result = new TreeSet<>();
        members.forEach(m -> result.add(swap(m, with)));
        return result;
    }

    private static MemberName swap(MemberName m, MemberName with) {
        return m.equals(ME) ? with : m.equals(with) ? ME : m;
    }

    static List<Set<MemberName>> subsets(String letters) {
        List<Set<MemberName>> all = new ArrayList<>();
        for (int bits = 0; bits < 1 << letters.length(); bits++) {
            StringBuilder chosen = new StringBuilder();
            for (int i = 0; i < letters.length(); i++) {
                if ((bits & 1 << i) != 0) {
                    chosen.append(letters.charAt(i));
                }
            }
            all.add(members(chosen.toString()));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void every_reachable_state_is_safe_and_leads_to_the_target(int members) {
        String others = "bcde".substring(0, members - 1);
        Set<QuorumWorld> states = reachable(members);
        assertThat(states).hasSizeGreaterThan(members);
        for (Set<MemberName> active : subsets(others)) {
            for (int wanted = 1; wanted <= others.length(); wanted++) {
                assertAll(states, active, wanted, Set.of());
                assertAll(states, active, wanted, active);
                for (MemberName late : active) {
                    assertAll(states, active, wanted, Set.of(late));
                }
            }
        }
    }

    /// With members and settings that stay as they are: where all standbys confirm, the target is
    /// reached; while some don't, nothing is written to and fro.
    private static void assertAll(
            Set<QuorumWorld> states, Set<MemberName> active, int wanted, Set<MemberName> late) {
        Set<QuorumWorld> settled = new HashSet<>();
        for (QuorumWorld from : states) {
            List<SyncStep> way = new ArrayList<>();
            List<QuorumWorld> visited = new ArrayList<>();
            QuorumWorld world = from;
            while (!settled.contains(world)) {
                if (visited.size() == STEPS_MAX || visited.contains(world)) {
                    throw new AssertionError(
                            "%s with %s of %s, %s late, finds no rest: %s"
                                    .formatted(from, wanted, active, late, way));
                }
                visited.add(world);
                Set<MemberName> confirmed = new TreeSet<>(active);
                confirmed.retainAll(world.names());
                confirmed.removeAll(late);
                SyncStep step = world.next(active, confirmed, wanted, false);
                way.add(step);
                QuorumWorld next = world.after(step);
                if (next.equals(world)) {
                    if (late.isEmpty() && !world.isTarget(active, wanted)) {
                        throw new AssertionError(
                                "%s with %s of %s rests at %s"
                                        .formatted(from, wanted, active, world));
                    }
                    break;
                }
                world = next;
            }
            settled.addAll(visited);
        }
    }

    // ---- what the planner leaves to its driver
    // -----------------------------------------------------------------

    @Test
    void quorum_mode_begins_with_the_key() {
        assertThat(QuorumWorld.of("", 0, "", 0, "").next(members("bc"), Set.of(), 1, false))
                .isEqualTo(new SyncStep.WriteKey(SyncState.of(ME, Set.of(), 0)));
    }

    @Test
    void names_that_nobody_answers_to_and_nobody_votes_for_are_dropped() {
        assertThat(QuorumWorld.of("a", 0, "", 1, "bc").next(Set.of(), Set.of(), 1, false))
                .isEqualTo(new SyncStep.SetNames(""));
    }

    @Test
    void a_wildcard_that_nobody_answers_to_is_dropped() {
        SyncStep step =
                SyncRules.quorumStep(
                        ME,
                        SyncState.of(ME, Set.of(), 0),
                        SyncNames.parse("*"),
                        new SyncCandidates(Set.of(), Set.of(), SyncMemory.UNKNOWN),
                        new io.tamada.ha.model.ReplicationMode.Quorum(1, false));
        assertThat(step).isEqualTo(new SyncStep.SetNames(""));
    }

    @Test
    void a_list_with_priorities_becomes_one_with_a_quorum() {
        SyncStep step =
                SyncRules.quorumStep(
                        ME,
                        SyncState.of(ME, members("bc"), 1),
                        SyncNames.parse("1 (b,c)"),
                        new SyncCandidates(members("bc"), members("bc"), SyncMemory.UNKNOWN),
                        new io.tamada.ha.model.ReplicationMode.Quorum(1, false));
        assertThat(step).isEqualTo(new SyncStep.SetNames("ANY 1 (b,c)"));
    }

    @Test
    void strict_mode_keeps_the_names_of_standbys_that_all_left() {
        QuorumWorld world = QuorumWorld.of("a", 1, "bc", 1, "bc");
        assertThat(world.next(Set.of(), Set.of(), 1, true)).isInstanceOf(SyncStep.Lacking.class);
    }

    @Test
    void strict_mode_sets_the_number_that_the_key_promises() {
        QuorumWorld world = QuorumWorld.of("a", 1, "bcd", 1, "bcd");
        assertThat(world.next(Set.of(), Set.of(), 1, true))
                .isEqualTo(new SyncStep.SetNames("ANY 2 (b,c,d)"));
    }

    @Test
    void strict_mode_without_any_standby_waits_for_a_name_that_nobody_has() {
        QuorumWorld world = QuorumWorld.of("a", 0, "", 0, "");
        assertThat(world.next(Set.of(), Set.of(), 1, true))
                .isEqualTo(
                        new SyncStep.SetNames(
                                "ANY 1 (__patroni_strict_sync_replica_placeholder__)"));
    }
}
