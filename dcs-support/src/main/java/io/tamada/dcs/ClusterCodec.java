package io.tamada.dcs;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.TimelineHistory;
import io.tamada.ha.model.Versioned;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
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
        Map<String, KeyValueStore.Entry> byKey = new TreeMap<>();
        entries.forEach(entry -> byKey.put(entry.key(), entry));
        List<String> problems = new ArrayList<>();
        ClusterView.Builder view = ClusterView.builder();
        byKey.forEach((key, entry) -> {
            switch (KeyPaths.parse(key)) {
                case DcsKey.Single single -> single(single, entry, view, problems);
                case DcsKey.Member(MemberName name) ->
                        view.member(MemberCodec.decode(name, entry.value(), problems));
                case null -> {}
            }
        });
        KeyValueStore.Entry legacy = byKey.get(KeyPaths.LEGACY_OPTIME);
        if (legacy != null && !byKey.containsKey(KeyPaths.key(DcsKey.STATUS))) {
            view.status(StatusCodec.decode(KeyPaths.LEGACY_OPTIME, legacy.value(), problems));
        }
        return view.problems(problems).build();
    }

    private static void single(
            DcsKey.Single key,
            KeyValueStore.Entry entry,
            ClusterView.Builder view,
            List<String> problems) {
        String text = entry.value();
        switch (key) {
            case INITIALIZE -> {
                Initialization read = Initialization.parse(text);
                if (read instanceof Initialization.Unreadable) {
                    problems.add("initialize: neither empty nor a system identifier");
                }
                view.initialization(read);
            }
            case CONFIG -> view.config(versioned(config(text, problems), entry));
            case LEADER -> view.leader(leader(entry, problems));
            case STATUS -> view.status(StatusCodec.decode("status", text, problems));
            case SYNC ->
                    view.sync(new Versioned<>(SyncCodec.decode(text, problems), entry.revision()));
            case FAILOVER -> view.failover(versioned(FailoverCodec.decode(text, problems), entry));
            case HISTORY -> view.history(HistoryCodec.decode(text, problems));
            case FAILSAFE -> view.failsafe(failsafe(text, problems));
        }
    }

    private static <T> @Nullable Versioned<T> versioned(
            @Nullable T value, KeyValueStore.Entry entry) {
        return value == null ? null : new Versioned<>(value, entry.revision());
    }

    private static @Nullable ConfigDocument config(String text, List<String> problems) {
        try {
            return ConfigDocument.of(Json.parseObject(text));
        } catch (JsonException e) {
            problems.add("config: " + e.getMessage());
            return null;
        }
    }

    private static LeaderKey leader(KeyValueStore.Entry entry, List<String> problems) {
        MemberName name = name(entry.value());
        if (name == null) {
            problems.add("leader: not a member's name");
            return LeaderKey.free();
        }
        return new LeaderKey.HeldBy(
                name, entry.revision(), entry.session() == null ? "" : entry.session());
    }

    private static Map<MemberName, String> failsafe(String text, List<String> problems) {
        Map<MemberName, String> members = new LinkedHashMap<>();
        try {
            Json.parseObject(text)
                    .forEach((key, value) -> {
                        MemberName name = name(key);
                        if (name != null && value instanceof String url) {
                            members.put(name, url);
                        } else {
                            problems.add(
                                    "failsafe: '"
                                            + key
                                            + "' is not a member with the address of its REST API");
                        }
                    });
        } catch (JsonException e) {
            problems.add("failsafe: " + e.getMessage());
        }
        return members;
    }

    /// A member's name; null for a text that can't be one.
    static @Nullable MemberName name(@Nullable String text) {
        return text == null || text.isBlank() || text.strip().equals(MemberName.RESERVED)
                ? null
                : MemberName.of(text.strip());
    }
}
