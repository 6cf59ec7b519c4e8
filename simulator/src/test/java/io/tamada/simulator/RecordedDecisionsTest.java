package io.tamada.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.Json;
import io.tamada.dcs.ObservationCodec;
import io.tamada.ha.RecordedDecision;
import io.tamada.ha.policy.HaPolicy;
import io.tamada.simulator.world.AgentProcess;
import io.tamada.simulator.world.Machine;
import io.tamada.simulator.world.Story;
import io.tamada.testkit.JournalReplay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What members of a simulated cluster recorded while it failed over can be decided again.
class RecordedDecisionsTest {

    private static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L, 5L, 6L);

    private static String dumpOf(Machine machine) {
        AgentProcess agent = machine.agent();
        if (agent == null || agent.node() == null) {
            return "[]";
        }
        ObservationCodec codec = ObservationCodec.writing();
        List<Map<String, Object>> entries = new ArrayList<>();
        for (RecordedDecision decision : agent.node().recorded(1000)) {
            entries.add(codec.write(decision));
        }
        return Json.compact(entries);
    }

    @Test
    void a_dump_decides_as_its_member_did() {
        TreeSet<String> rules = new TreeSet<>();
        for (long seed : SEEDS) {
            Simulation simulation =
                    new Simulation(seed, 3, 0.1, Variant.PRODUCTION, Story.untold());
            simulation.run();
            for (Machine machine : simulation.machines()) {
                JournalReplay replay = new JournalReplay(new HaPolicy()::decide);
                List<JournalReplay.Replayed> again = replay.replay(dumpOf(machine));
                assertThat(again).allMatch(JournalReplay.Replayed::isSame);
                again.forEach(r -> rules.add(r.recorded()));
            }
        }
        assertThat(rules).contains("win_race", "promote", "follow", "leads");
    }
}
