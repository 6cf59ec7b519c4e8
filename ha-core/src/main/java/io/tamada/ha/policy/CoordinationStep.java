package io.tamada.ha.policy;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.Lsn;
import org.jspecify.annotations.Nullable;

/// One step in the store.
public sealed interface CoordinationStep {

    /// Ask for the leader lease.
    record Acquire(LeaseRequest.Mode mode) implements CoordinationStep {}

    /// Give the lease back.
    ///
    /// @param lastPosition published as the last position before the key goes; null to leave what
    ///   is there
    record Release(@Nullable Lsn lastPosition) implements CoordinationStep {}

    /// Stop believing in the lease; the store lets it expire.
    record Abandon() implements CoordinationStep {}

    record Write(DcsEntry entry, Precondition when) implements CoordinationStep {}

    record Delete(DcsKey key, Precondition when) implements CoordinationStep {}
}
