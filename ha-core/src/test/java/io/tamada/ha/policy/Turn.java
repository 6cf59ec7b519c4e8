package io.tamada.ha.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What a member decided in one turn, to be asserted.
///
/// @param steps all its steps; the last one waits, or changes what a new look has to find
/// @param after the member as it is then
record Turn(List<Step> steps, Given after) {

    private static final Set<Rule> ROUTINE =
            EnumSet.of(
                    Rule.GUARD,
                    Rule.GUARD_OFF_IN_PAUSE,
                    Rule.PUBLISH_STATUS,
                    Rule.SYNC_NAMES_BEFORE_PROMOTION);

    Turn {
        steps = List.copyOf(steps);
    }

    Step last() {
        return steps.getLast();
    }

    Memory memory() {
        return last().memory();
    }

    List<Rule> rules() {
        return steps.stream().map(s -> s.decision().rule()).toList();
    }

    /// The rules that fired, in order, the last included. What belongs to every turn of a leader
    /// and to every promotion need not be named.
    Turn goes(Rule... rules) {
        Set<Rule> unnamed = EnumSet.copyOf(ROUTINE);
        unnamed.removeAll(List.of(rules));
        List<Rule> fired = rules().stream().filter(r -> !unnamed.contains(r)).toList();
        assertThat(fired).as(this::told).containsExactly(rules);
        return this;
    }

    Turn ends(Rule rule) {
        assertThat(last().decision().rule()).as(this::told).isEqualTo(rule);
        return this;
    }

    Turn passes(Rule rule) {
        assertThat(rules()).as(this::told).contains(rule);
        return this;
    }

    Turn never(Rule rule) {
        assertThat(rules()).as(this::told).doesNotContain(rule);
        return this;
    }

    /// Waits because of this rule.
    Turn holds(Rule rule) {
        assertThat(last().decision()).as(this::told).isInstanceOf(Decision.Hold.class);
        return ends(rule);
    }

    Turn holdsFor(Duration atMost) {
        assertThat(last().decision()).as(this::told).isInstanceOf(Decision.Hold.class);
        assertThat(((Decision.Hold) last().decision()).atMost()).isEqualTo(atMost);
        return this;
    }

    Turn fences(Rule rule) {
        assertThat(last().decision()).as(this::told).isEqualTo(new Decision.Fence(rule));
        return this;
    }

    Turn exits(Rule rule, int code) {
        assertThat(last().decision()).as(this::told).isEqualTo(new Decision.Exit(rule, code));
        return this;
    }

    Turn cancels(Rule rule) {
        assertThat(last().decision()).as(this::told).isEqualTo(new Decision.Cancel(rule));
        return this;
    }

    Turn answers(Rule rule) {
        assertThat(last().decision()).as(this::told).isInstanceOf(Decision.Answer.class);
        return ends(rule);
    }

    Turn begins(Rule rule, PostgresTask task) {
        assertThat(begun(rule)).as(this::told).isEqualTo(task);
        return this;
    }

    Turn begins(Rule rule, Class<? extends PostgresTask> kind) {
        assertThat(begun(rule)).as(this::told).isInstanceOf(kind);
        return this;
    }

    PostgresTask begun(Rule rule) {
        ends(rule);
        assertThat(last().decision()).as(this::told).isInstanceOf(Decision.Begin.class);
        return ((Decision.Begin) last().decision()).task();
    }

    Decision decision(Rule rule) {
        return decided(rule).decision();
    }

    /// The first step in which this rule fired.
    Step decided(Rule rule) {
        passes(rule);
        return steps.stream().filter(s -> s.decision().rule() == rule).findFirst().orElseThrow();
    }

    CoordinationStep coordinated(Rule rule) {
        return ((Decision.Coordinate) decision(rule)).step();
    }

    DcsEntry wrote(Rule rule) {
        return ((CoordinationStep.Write) coordinated(rule)).entry();
    }

    PostgresOrder ordered(Rule rule) {
        return ((Decision.Operate) decision(rule)).order();
    }

    /// The reasons that the last step gives contain this text.
    Turn because(String text) {
        assertThat(last().because().toString() + last().says()).contains(text);
        return this;
    }

    private String told() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            text.append("\n  ").append(step.decision());
            step.because().forEach(line -> text.append("\n      because ").append(line));
        }
        return text.toString();
    }
}
