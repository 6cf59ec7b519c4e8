package io.tamada.ctl;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.MemberStatus;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns a cluster into a standby of another, or back, for `demote-cluster` and `promote-cluster`.
///
/// @param standby what the `standby_cluster` section is to be; null to delete it
record ClusterRoleChange(Ctl ctl, boolean demote, @Nullable Map<String, Object> standby) {

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PATCH_TIMEOUT = Duration.ofSeconds(30);

    /// A quarter of an hour: longer than a restart with crash recovery takes on most machines. The
    /// change itself goes on.
    private static final int POLLS_MAX = 900;

    Outcome make(@Nullable String name, boolean force) {
        Cluster cluster = ctl.open(name, null);
        GroupView view = cluster.look();
        MemberStatus leader = view.leader();
        if (leader == null) {
            throw new CtlError("Cluster has no leader, %s is not possible".formatted(noun()));
        }
        if (isWanted(leader)) {
            throw new CtlError("Cluster is already in the required state");
        }
        ctl.showMembers(cluster, List.of(view));
        String verb = demote ? "demote" : "promote";
        MemberChoice.confirm(
                ctl,
                force,
                noun(),
                "Are you sure you want to %s cluster %s?".formatted(verb, cluster.name()));
        RestReply reply =
                ctl.api()
                        .call(
                                leader,
                                "PATCH",
                                "config",
                                Collections.singletonMap("standby_cluster", standby),
                                PATCH_TIMEOUT);
        if (!(reply instanceof RestReply.Answered(int status, _)) || status != 200) {
            throw new CtlError(
                    "Failed to %s cluster %s: %s".formatted(verb, cluster.name(), reply.details()));
        }
        return await(cluster, leader.name());
    }

    private Outcome await(Cluster cluster, MemberName old) {
        for (int poll = 0; poll < POLLS_MAX && ctl.world().pauses().pause(POLL); poll++) {
            GroupView view = cluster.look();
            MemberStatus leader = view.leader();
            MemberStatus before = view.view().member(old);
            ctl.console().line(progress(view, leader, before));
            boolean settled = before != null && before.isRunning();
            if (leader != null && isWanted(leader) && leader.isRunning() && settled) {
                ctl.console()
                        .line(
                                "%s Cluster %s is %s"
                                        .formatted(
                                                now(),
                                                cluster.name(),
                                                demote ? "demoted" : "promoted"));
                ctl.showMembers(cluster, List.of(view));
                return Outcome.DONE;
            }
        }
        ctl.console()
                .complain(
                        "Warning: the cluster has not reached its new state yet; it goes on, look with 'list'");
        return Outcome.UNKNOWN;
    }

    private String progress(
            GroupView view, @Nullable MemberStatus leader, @Nullable MemberStatus before) {
        return "%s cluster unlocked: %s, leader role: %s, leader state: %s, previous leader state: %s"
                .formatted(
                        now(),
                        view.view().isLeaderless(),
                        leader == null ? "" : leader.role(),
                        leader == null ? "" : leader.state(),
                        before == null ? "" : before.state());
    }

    private boolean isWanted(MemberStatus leader) {
        MemberRole role = leader.knownRole().orElse(null);
        return role == (demote ? MemberRole.STANDBY_LEADER : MemberRole.PRIMARY);
    }

    private String noun() {
        return demote ? "demotion" : "promotion";
    }

    private String now() {
        return Moments.seconds(ctl.world().time().wall(), ctl.world().zone());
    }
}
