package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;

/// What the store said when it was read, or its silence.
public sealed interface StoreAnswer {

    record Seen(ClusterView view) implements StoreAnswer {}

    record Silent(String problem) implements StoreAnswer {}
}
