package io.tamada.ha.dcs;

import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.TimelineHistory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A typed value to be written under its key. The leader entry is missing on purpose: it is written
/// only by taking, renewing and releasing the lease.
public sealed interface DcsEntry {

    /// Which key it goes to.
    DcsKey key();

    /// @param systemId null while a member is bootstrapping
    record Initialize(@Nullable SystemId systemId) implements DcsEntry {
        @Override
        public DcsKey key() {
            return DcsKey.INITIALIZE;
        }
    }

    record Config(ConfigDocument document) implements DcsEntry {
        @Override
        public DcsKey key() {
            return DcsKey.CONFIG;
        }
    }

    record Status(ClusterStatus status) implements DcsEntry {
        @Override
        public DcsKey key() {
            return DcsKey.STATUS;
        }
    }

    record Sync(SyncState state) implements DcsEntry {
        @Override
        public DcsKey key() {
            return DcsKey.SYNC;
        }
    }

    /// @param request null empties the key, which stays: others watch for it
    record Failover(@Nullable FailoverRequest request) implements DcsEntry {
        @Override
        public DcsKey key() {
            return DcsKey.FAILOVER;
        }
    }

    record History(TimelineHistory history) implements DcsEntry {
        @Override
        public DcsKey key() {
            return DcsKey.HISTORY;
        }
    }

    record Failsafe(Map<MemberName, String> members) implements DcsEntry {
        public Failsafe {
            members = Map.copyOf(members);
        }

        @Override
        public DcsKey key() {
            return DcsKey.FAILSAFE;
        }
    }

    /// A member's own entry: lives as long as its session with the store.
    record Member(MemberStatus status) implements DcsEntry {
        @Override
        public DcsKey key() {
            return DcsKey.member(status.name());
        }
    }
}
