package io.tamada.ha.runtime;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.LeaseGrant;
import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.Revision;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.Versioned;

/// Brings a view up to date with a write of our own that the store applied, so that it need not be
/// read again.
final class ViewUpdate {

    private ViewUpdate() {}

    static ClusterView written(ClusterView view, DcsEntry entry, Revision revision) {
        ClusterView.Builder next = view.toBuilder();
        switch (entry) {
            case DcsEntry.Initialize(var id) ->
                    next.initialization(
                            id == null
                                    ? new Initialization.InProgress()
                                    : new Initialization.Done(id));
            case DcsEntry.Config(var document) -> next.config(new Versioned<>(document, revision));
            case DcsEntry.Status(ClusterStatus status) -> next.status(status);
            case DcsEntry.Sync(SyncState state) -> next.sync(new Versioned<>(state, revision));
            case DcsEntry.Failover(var request) ->
                    next.failover(request == null ? null : new Versioned<>(request, revision));
            case DcsEntry.History(var history) -> next.history(history);
            case DcsEntry.Failsafe(var members) -> next.failsafe(members);
            case DcsEntry.Member(var status) -> next.member(status);
        }
        return next.build();
    }

    static ClusterView deleted(ClusterView view, DcsKey key) {
        ClusterView.Builder next = view.toBuilder();
        switch (key) {
            case DcsKey.Member(var name) -> next.withoutMember(name);
            case DcsKey.Single single -> {
                switch (single) {
                    case INITIALIZE -> next.initialization(new Initialization.Absent());
                    case CONFIG -> next.config(null);
                    case LEADER -> next.leader(LeaderKey.free());
                    case STATUS -> next.status(ClusterStatus.UNKNOWN);
                    case SYNC -> next.sync(new Versioned<>(SyncState.EMPTY, ClusterView.ABSENT));
                    case FAILOVER ->
                            next.failover((Versioned<io.tamada.ha.model.FailoverRequest>) null);
                    case HISTORY -> next.history(null);
                    case FAILSAFE -> next.failsafe(java.util.Map.of());
                }
            }
        }
        return next.build();
    }

    static ClusterView leading(ClusterView view, LeaseGrant grant) {
        return view.toBuilder()
                .leader(new LeaderKey.HeldBy(grant.holder(), grant.revision(), grant.session()))
                .build();
    }

    static ClusterView released(ClusterView view) {
        return view.toBuilder().leader(LeaderKey.free()).build();
    }

    static ClusterView positioned(ClusterView view, Lsn optime) {
        return view.toBuilder().status(view.status().withOptime(optime)).build();
    }
}
