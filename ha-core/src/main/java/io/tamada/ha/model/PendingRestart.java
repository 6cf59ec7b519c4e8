package io.tamada.ha.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// Settings that take effect only with a restart of PostgreSQL.
///
/// @param reasons setting to its running and its wanted value, in human units
public record PendingRestart(Map<String, Change> reasons) {

    public record Change(String oldValue, String newValue) {}

    public static final PendingRestart NONE = new PendingRestart(Map.of());

    public PendingRestart {
        reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
    }

    public boolean isPending() {
        return !reasons.isEmpty();
    }
}
