package io.tamada.ha.dcs;

import io.tamada.ha.model.ClusterView;

/// What came of reading the store.
public sealed interface ReadResult {

    /// The store answered.
    record Seen(ClusterView view) implements ReadResult {}

    /// The store did not answer in time, or not in a way that can be trusted.
    record Unknown(String problem) implements ReadResult {}
}
