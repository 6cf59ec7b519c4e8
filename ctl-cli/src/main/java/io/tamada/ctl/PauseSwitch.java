package io.tamada.ctl;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Turns a cluster's maintenance mode on or off, for `pause` and `resume`.
record PauseSwitch(Ctl ctl, boolean on) {

    private static final Duration PATCH_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofSeconds(1);

    Outcome turn(@Nullable String name, @Nullable Integer group, boolean wait) {
        Integer wanted = group == null ? ctl.settings().citusGroup() : group;
        Cluster cluster = ctl.open(name, wanted);
        GroupView before = cluster.look();
        if (before.settings().paused() == on) {
            throw new CtlError(on ? "Cluster is already paused" : "Cluster is not paused");
        }
        Map<String, @Nullable Object> patch =
                Collections.singletonMap("pause", on ? Boolean.TRUE : null);
        for (MemberStatus member : before.leaderFirst()) {
            switch (ctl.api().call(member, "PATCH", "config", patch, PATCH_TIMEOUT)) {
                case RestReply.Answered(int status, String body) when status == 200 -> {
                    return wait ? awaitMembers(cluster, before) : done();
                }
                case RestReply.Answered(int status, String body) -> {
                    ctl.console()
                            .line(
                                    "Failed: %s cluster management status code=%d, (%s)"
                                            .formatted(verb(), status, body));
                    return Outcome.REFUSED;
                }
                case RestReply.Unreachable(String problem) ->
                        ctl.console()
                                .complain(
                                        "Warning: Member %s is not accessible: %s"
                                                .formatted(member.name(), problem));
                case RestReply.Silent(String problem) ->
                        ctl.console()
                                .complain(
                                        "Warning: Member %s is not accessible: %s"
                                                .formatted(member.name(), problem));
            }
        }
        throw new CtlError("Can not find accessible cluster member");
    }

    private Outcome done() {
        ctl.console().line("Success: cluster management is " + (on ? "paused" : "resumed"));
        return Outcome.DONE;
    }

    private String verb() {
        return on ? "pause" : "resume";
    }

    /// Looks until each member that was there before has the new state in its key. A member whose
    /// key did not change at all is taken for gone.
    private Outcome awaitMembers(Cluster cluster, GroupView before) {
        ctl.console()
                .line(
                        "'%s' request sent, waiting until it is recognized by all nodes"
                                .formatted(verb()));
        Map<MemberName, MemberStatus> waitedFor = new TreeMap<>();
        before.members().stream()
                .filter(m -> m.apiUrl() != null)
                .forEach(m -> waitedFor.put(m.name(), m));
        List<String> behind = List.of();
        long loopWait = before.settings().timings().loopWait().toSeconds();
        for (long i = 0; i <= loopWait; i++) {
            GroupView now = cluster.look();
            waitedFor.keySet().removeIf(name -> now.view().member(name) == null);
            if (waitedFor.values().stream().allMatch(old -> hasNoticed(now, old))) {
                return done();
            }
            behind =
                    waitedFor.values().stream()
                            .filter(old ->
                                    !hasNoticed(now, old)
                                            && !old.equals(now.view().member(old.name())))
                            .map(old -> old.name().value())
                            .toList();
            if (i < loopWait && !ctl.world().pauses().pause(POLL)) {
                break;
            }
        }
        if (behind.isEmpty()) {
            return done();
        }
        ctl.console()
                .line(
                        "%s members didn't recognized %s state after %d seconds"
                                .formatted(String.join(", ", behind), verb(), loopWait));
        return Outcome.UNKNOWN;
    }

    private boolean hasNoticed(GroupView now, MemberStatus old) {
        MemberStatus member = now.view().member(old.name());
        return member != null && member.paused() == on;
    }
}
