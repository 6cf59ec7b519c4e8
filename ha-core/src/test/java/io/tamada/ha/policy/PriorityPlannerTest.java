package io.tamada.ha.policy;

import static io.tamada.ha.policy.QuorumWorld.ME;
import static io.tamada.ha.policy.QuorumWorld.letters;
import static io.tamada.ha.policy.QuorumWorld.members;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SyncState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriorityPlannerTest {

    /// The key and the setting; the primary is `a`.
    private record World(SyncState key, String setting) {

        static World of(String leader, String voters, String setting) {
            SyncState key =
                    leader.isEmpty()
                            ? SyncState.EMPTY
                            : SyncState.of(MemberName.of(leader), members(voters), 0);
            return new World(key, setting);
        }

        Set<MemberName> names() {
            return SyncNames.parse(setting).members();
        }

        SyncStep next(Set<MemberName> picked, Set<MemberName> confirmed, boolean strict) {
            return PriorityPlanner.next(
                    ME, key, SyncNames.parse(setting), picked, confirmed, strict);
        }

        World after(SyncStep step) {
            return switch (step) {
                case SyncStep.WriteKey(SyncState state) -> new World(state, setting);
                case SyncStep.SetNames(String text) -> new World(key, text);
                case SyncStep.Settled _, SyncStep.Await _, SyncStep.Lacking _ -> this;
            };
        }

        /// While `a` writes: who is in the key is named by the setting, and every commit waits for
        /// all whom it names.
        boolean isSafe() {
            SyncNames running = SyncNames.parse(setting);
            return !key.isLeader(ME)
                    || key.standbys().isEmpty()
                    || (running.members().containsAll(key.standbys())
                            && running.number() >= running.members().size());
        }
    }

    /// Each row: what is, who should be and who has confirmed, and the next step.
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    the mode is switched on             | -   |           | b  |    | /sync a:
                    then the setting follows            | a:  |           | b  |    | b
                    then it is waited for               | a:  | b         | b  |    | wait
                    then the key follows                | a:  | b         | b  | b  | /sync a:b
                    and that is all                     | a:b | b         | b  | b  | settled
                    somebody else led before            | x:b | b         | b  |    | /sync a:
                    b dies and c is there: key first    | a:b | b         | c  |    | /sync a:
                    then the setting names c            | a:  | b         | c  |    | c
                    then c has confirmed                | a:  | c         | c  | c  | /sync a:c
                    the count sinks to one: key first   | a:bc| 2 (b,c)   | b  | b  | /sync a:b
                    then the setting                    | a:b | 2 (b,c)   | b  | b  | b
                    the count grows: setting first      | a:b | b         | bc | b  | 2 (b,c)
                    not confirmed, not in the key       | a:b | 2 (b,c)   | bc | b  | wait
                    confirmed, in the key               | a:b | 2 (b,c)   | bc | bc | /sync a:bc
                    the last one leaves: key first      | a:b | b         |    |    | /sync a:
                    then writes go on without           | a:  | b         |    |    | off
                    restarted, b not synchronous yet    | a:b | b         | b  |    | /sync a:
                    a quorum list becomes a plain one   | a:b | ANY 1 (b) | b  | b  | b
                    a wildcard at a take-over is replaced| a:  | *         | b  |    | b
                    a wildcard without standbys goes    | a:  | *         |    |    | off
                    """)
    void worked_examples_go_step_by_step(
            String name,
            String key,
            String setting,
            String picked,
            String confirmed,
            String expected) {
        assertThat(name).isNotBlank();
        World world =
                key.equals("-")
                        ? World.of("", "", orEmpty(setting))
                        : World.of(key.substring(0, 1), key.substring(2), orEmpty(setting));
        SyncStep step = world.next(members(orEmpty(picked)), members(orEmpty(confirmed)), false);
        assertThat(text(step)).isEqualTo(expected);
    }

    private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text;
    }

    private static String text(SyncStep step) {
        return switch (step) {
            case SyncStep.WriteKey(SyncState s) ->
                    "/sync " + s.leader() + ":" + letters(s.standbys());
            case SyncStep.SetNames(String names) -> names.isEmpty() ? "off" : names;
            case SyncStep.Await _ -> "wait";
            case SyncStep.Settled() -> "settled";
            case SyncStep.Lacking() -> "lacking";
        };
    }

    @Test
    void strict_mode_keeps_the_names_in_the_key_when_all_leave() {
        World world = World.of("a", "b", "b");
        assertThat(world.next(Set.of(), Set.of(), true)).isEqualTo(new SyncStep.Lacking());
    }

    @Test
    void strict_mode_without_any_name_waits_for_one_that_nobody_has() {
        World world = World.of("a", "", "");
        assertThat(world.next(Set.of(), Set.of(), true))
                .isEqualTo(new SyncStep.SetNames("__patroni_strict_sync_replica_placeholder__"));
    }

    @Test
    void strict_mode_names_those_in_the_key_again_after_a_manual_failover() {
        World world = World.of("a", "bc", "");
        assertThat(world.next(Set.of(), Set.of(), true))
                .isEqualTo(new SyncStep.SetNames("2 (b,c)"));
    }

    // ---- all small worlds
    // --------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void every_reachable_state_is_safe_and_leads_to_the_target(int members) {
        String others = "bcde".substring(0, members - 1);
        for (boolean strict : List.of(false, true)) {
            for (World world : reachable(others, strict)) {
                for (Set<MemberName> picked : QuorumPlannerTest.subsets(others)) {
                    assertSettles(world, picked, strict);
                }
            }
        }
    }

    private static Set<World> reachable(String others, boolean strict) {
        Set<World> seen = new HashSet<>();
        Deque<World> todo = new ArrayDeque<>();
        for (String leader : List.of("", "a", "b")) {
            World start = World.of(leader, "", "");
            seen.add(start);
            todo.add(start);
        }
        while (!todo.isEmpty()) {
            World world = todo.poll();
            for (Set<MemberName> picked : QuorumPlannerTest.subsets(others)) {
                for (Set<MemberName> confirmed : QuorumPlannerTest.subsets(letters(picked))) {
                    if (!world.names().containsAll(confirmed)) {
                        continue;
                    }
                    World next = world.after(world.next(picked, confirmed, strict));
                    if (seen.add(next)) {
                        assertThat(next.isSafe()).as("%s, from %s", next, world).isTrue();
                        todo.add(next);
                    }
                }
            }
        }
        return seen;
    }

    private static void assertSettles(World from, Set<MemberName> picked, boolean strict) {
        World world = from;
        for (int i = 0; i < 8; i++) {
            Set<MemberName> confirmed = new TreeSet<>(picked);
            confirmed.retainAll(world.names());
            SyncStep step = world.next(picked, confirmed, strict);
            if (step instanceof SyncStep.Lacking) {
                assertThat(picked).isEmpty();
                return;
            }
            if (step instanceof SyncStep.Settled) {
                assertThat(world.key().isLeader(ME)).isTrue();
                assertThat(world.key().standbys()).isEqualTo(picked);
                assertThat(world.names()).isEqualTo(picked);
                return;
            }
            world = world.after(step);
        }
        throw new AssertionError(from + " does not settle on " + letters(picked));
    }
}
