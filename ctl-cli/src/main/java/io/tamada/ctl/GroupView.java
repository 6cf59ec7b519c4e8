package io.tamada.ctl;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.ReplicationMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the store said about one cluster, or about one group of a Citus cluster.
///
/// @param group null without Citus
record GroupView(@Nullable Integer group, ClusterView view, ClusterSettings settings) {

    static GroupView of(@Nullable Integer group, ClusterView view) {
        ConfigDocument config =
                view.config() == null ? ConfigDocument.EMPTY : view.config().value();
        return new GroupView(group, view, ClusterSettings.of(config));
    }

    List<MemberStatus> members() {
        return List.copyOf(view.members().values());
    }

    @Nullable MemberName leaderName() {
        return view.leader() instanceof LeaderKey.HeldBy(var name, _, _) ? name : null;
    }

    @Nullable MemberStatus leader() {
        return view.leaderMember();
    }

    boolean isLeader(MemberStatus member) {
        return view.leader().isHeldBy(member.name());
    }

    /// The role as `GET /cluster` names it.
    String role(MemberStatus member) {
        if (isLeader(member)) {
            return settings.isStandbyCluster() ? "standby_leader" : "leader";
        }
        if (!view.sync().value().lists(member.name())) {
            return "replica";
        }
        return switch (settings.replication()) {
            case ReplicationMode.Asynchronous _ -> "replica";
            case ReplicationMode.Priority _ -> "sync_standby";
            case ReplicationMode.Quorum _ -> "quorum_standby";
        };
    }

    /// The state as `GET /cluster` names it.
    String state(MemberStatus member) {
        String replication = member.replicationState();
        return role(member).equals("leader") || replication == null || replication.isEmpty()
                ? member.state()
                : replication;
    }

    /// Members in the order in which a request that any of them can serve is tried: the leader
    /// first.
    List<MemberStatus> leaderFirst() {
        return members().stream()
                .sorted((a, b) -> Boolean.compare(isLeader(b), isLeader(a)))
                .toList();
    }
}
