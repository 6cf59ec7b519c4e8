package io.tamada.ha.port;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.SlotDefinition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which replication slots should exist here.
///
/// @param wanted by slot name
/// @param ignored slots to leave alone
/// @param keepUnknown nothing is dropped that isn't wanted (pause)
/// @param cleanXmin a leader is known: an inactive slot that holds back vacuum is stale
public record SlotPlan(
        Map<String, Wanted> wanted,
        List<SlotDefinition.Matcher> ignored,
        boolean keepUnknown,
        boolean cleanXmin) {

    /// @param definition physical or logical
    /// @param position where to advance an inactive slot to; null when unknown
    /// @param expectedActive a consumer is to be connected, so the slot advances by itself
    public record Wanted(
            SlotDefinition definition, @Nullable Lsn position, boolean expectedActive) {}

    public SlotPlan {
        wanted = Map.copyOf(wanted);
        ignored = List.copyOf(ignored);
    }
}
