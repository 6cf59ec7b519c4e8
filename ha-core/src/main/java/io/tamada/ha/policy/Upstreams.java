package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.StandbyCluster;
import io.tamada.ha.model.Upstream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who streams from whom, and who is cloned from whom.
final class Upstreams {

    private Upstreams() {}

    /// The node to follow: none with `nostream`; the remote source for whoever leads a standby
    /// cluster; the member named by `replicatefrom` if it exists; else the leader. Never myself.
    static Upstream wanted(Deliberation d, ClusterView view, @Nullable MemberName leader) {
        if (d.seen.me().tags().noStream()) {
            return Upstream.none();
        }
        StandbyCluster source = d.seen.settings().standbyCluster();
        boolean iLead = d.seen.lease() != null;
        if (source != null && (iLead || (leader == null && !d.paused()))) {
            return new Upstream.Remote(source);
        }
        MemberName preferred = d.seen.me().tags().replicateFrom();
        if (preferred != null && !preferred.equals(d.me()) && view.member(preferred) != null) {
            return ofMember(view.member(preferred));
        }
        if (leader == null || leader.equals(d.me())) {
            return Upstream.none();
        }
        return ofMember(view.member(leader));
    }

    /// Where timelines are compared and rewound from: the remote source of a standby cluster, else
    /// the leader.
    static Upstream authority(Deliberation d, ClusterView view, @Nullable MemberName leader) {
        StandbyCluster source = d.seen.settings().standbyCluster();
        if (source != null) {
            return new Upstream.Remote(source);
        }
        return leader == null || leader.equals(d.me())
                ? Upstream.none()
                : ofMember(view.member(leader));
    }

    /// A running member tagged `clonefrom` that is neither me nor the leader; else the leader.
    static Upstream cloneSource(Deliberation d, ClusterView view, MemberName leader) {
        List<MemberStatus> tagged =
                view.members().values().stream()
                        .filter(m -> m.tags().cloneFrom() && m.isRunning() && m.connUrl() != null)
                        .filter(m -> !m.name().equals(d.me()) && !m.name().equals(leader))
                        .toList();
        if (!tagged.isEmpty()) {
            return ofMember(tagged.get(Math.floorMod(d.me().value().hashCode(), tagged.size())));
        }
        return ofMember(view.member(leader));
    }

    static Upstream ofMember(@Nullable MemberStatus member) {
        return member == null || member.connUrl() == null
                ? Upstream.none()
                : new Upstream.Member(member.name(), member.connUrl());
    }
}
