package io.tamada.ha.policy;

import io.tamada.ha.model.SyncState;

/// One safe step towards the wanted set of synchronous standbys.
sealed interface SyncStep {

    /// All is as wanted.
    record Settled() implements SyncStep {}

    /// Nothing can be done before standbys have confirmed.
    record Await(String what) implements SyncStep {}

    /// Commits wait because too few standbys are there, as strict mode wants it.
    record Lacking() implements SyncStep {}

    record WriteKey(SyncState state) implements SyncStep {}

    record SetNames(String names) implements SyncStep {}
}
