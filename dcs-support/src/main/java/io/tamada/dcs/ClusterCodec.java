package io.tamada.dcs;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.TimelineHistory;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Typed entries to the texts that Patroni's keys hold, and back.
///
/// Writing is exact: key order, no spaces, non-ASCII escaped. Reading is lenient: old forms are
/// understood, and what can't be understood becomes a sentence in [ClusterView#problems()] and the
/// safe default. Reading never throws.
public final class ClusterCodec {

    private ClusterCodec() {}

    /// The text that an entry's key is to hold.
    public static String encode(DcsEntry entry) {
        return switch (entry) {
            case DcsEntry.Initialize(var id) -> id == null ? "" : id.value();
            case DcsEntry.Config(ConfigDocument document) -> Json.compact(document.root());
            case DcsEntry.Status(ClusterStatus status) -> Json.compact(status(status));
            case DcsEntry.Sync(SyncState state) -> Json.compact(sync(state));
            case DcsEntry.Failover(FailoverRequest request) ->
                    Json.compact(FailoverCodec.encode(request));
            case DcsEntry.History(TimelineHistory history) ->
                    Json.compact(HistoryCodec.encode(history));
            case DcsEntry.Failsafe(Map<MemberName, String> members) ->
                    Json.compact(new TreeMap<>(members));
            case DcsEntry.Member(var status) -> Json.compact(MemberCodec.encode(status));
        };
    }

    private static Map<String, Object> status(ClusterStatus status) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("optime", status.optime().value());
        if (!status.slots().isEmpty()) {
            Map<String, Object> slots = new LinkedHashMap<>();
            status.slots().forEach((name, position) -> slots.put(name, position.value()));
            out.put("slots", slots);
        }
        if (!status.retainSlots().isEmpty()) {
            out.put("retain_slots", status.retainSlots());
        }
        return out;
    }

    private static Map<String, @Nullable Object> sync(SyncState state) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("leader", state.leader() == null ? null : state.leader().value());
        out.put("quorum", state.quorum());
        out.put(
                "sync_standby",
                state.standbys().isEmpty()
                        ? null
                        : String.join(
                                ",", state.standbys().stream().map(MemberName::value).toList()));
        return out;
    }

    /// What the keys of a cluster say, by their relative names. Keys that aren't known are passed
    /// over.
    public static ClusterView decode(Collection<KeyValueStore.Entry> entries) {
        return new ClusterDecoder().decode(entries);
    }

    /// A member's name; null for a text that can't be one.
    static @Nullable MemberName name(@Nullable String text) {
        return text == null || text.isBlank() || text.strip().equals(MemberName.RESERVED)
                ? null
                : MemberName.of(text.strip());
    }
}
