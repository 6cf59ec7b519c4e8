package io.tamada.dcs;

import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.TimelineHistory;
import io.tamada.ha.model.Versioned;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The keys of a cluster, read again and again: what has not changed since the last time is not
/// decoded again.
///
/// May be called from several threads, and for several connections to the same cluster.
public final class ClusterDecoder {

    /// What an entry means.
    ///
    /// @param meaning puts it into a view
    /// @param problems what could not be understood in it
    private record Decoded(
            KeyValueStore.Entry entry,
            Consumer<ClusterView.Builder> meaning,
            List<String> problems) {}

    /// Of the last read, by relative key; replaced as a whole.
    private volatile Map<String, Decoded> last = Map.of();

    /// A decoder that has not seen anything yet.
    public ClusterDecoder() {
        // Nothing to be prepared.
    }

    /// What the keys say, by their relative names. Keys that aren't known are passed over.
    public ClusterView decode(Collection<KeyValueStore.Entry> entries) {
        Map<String, Decoded> before = last;
        Map<String, Decoded> now = new TreeMap<>();
        for (KeyValueStore.Entry entry : entries) {
            Decoded known = before.get(entry.key());
            now.put(
                    entry.key(),
                    known != null && known.entry().equals(entry) ? known : decoded(entry));
        }
        last = now;
        boolean legacyCounts = !now.containsKey(KeyPaths.key(DcsKey.STATUS));
        List<String> problems = new ArrayList<>();
        ClusterView.Builder view = ClusterView.builder();
        now.forEach((key, decoded) -> {
            if (legacyCounts || !key.equals(KeyPaths.LEGACY_OPTIME)) {
                decoded.meaning().accept(view);
                problems.addAll(decoded.problems());
            }
        });
        return view.problems(problems).build();
    }

    private static Decoded decoded(KeyValueStore.Entry entry) {
        List<String> problems = new ArrayList<>();
        Consumer<ClusterView.Builder> meaning =
                switch (KeyPaths.parse(entry.key())) {
                    case DcsKey.Single single -> single(single, entry, problems);
                    case DcsKey.Member(MemberName name) -> {
                        MemberStatus member = MemberCodec.decode(name, entry.value(), problems);
                        yield view -> view.member(member);
                    }
                    case null ->
                            entry.key().equals(KeyPaths.LEGACY_OPTIME)
                                    ? status(entry, problems)
                                    : _ -> {};
                };
        return new Decoded(entry, meaning, List.copyOf(problems));
    }

    private static Consumer<ClusterView.Builder> single(
            DcsKey.Single key, KeyValueStore.Entry entry, List<String> problems) {
        String text = entry.value();
        return switch (key) {
            case INITIALIZE -> {
                Initialization read = Initialization.parse(text);
                if (read instanceof Initialization.Unreadable) {
                    problems.add("initialize: neither empty nor a system identifier");
                }
                yield view -> view.initialization(read);
            }
            case CONFIG -> {
                Versioned<ConfigDocument> config = versioned(config(text, problems), entry);
                yield view -> view.config(config);
            }
            case LEADER -> {
                LeaderKey leader = leader(entry, problems);
                yield view -> view.leader(leader);
            }
            case STATUS -> status(entry, problems);
            case SYNC -> {
                Versioned<SyncState> sync =
                        new Versioned<>(SyncCodec.decode(text, problems), entry.revision());
                yield view -> view.sync(sync);
            }
            case FAILOVER -> {
                Versioned<FailoverRequest> failover =
                        versioned(FailoverCodec.decode(text, problems), entry);
                yield view -> view.failover(failover);
            }
            case HISTORY -> {
                TimelineHistory history = HistoryCodec.decode(text, problems);
                yield view -> view.history(history);
            }
            case FAILSAFE -> {
                Map<MemberName, String> failsafe = failsafe(text, problems);
                yield view -> view.failsafe(failsafe);
            }
        };
    }

    private static Consumer<ClusterView.Builder> status(
            KeyValueStore.Entry entry, List<String> problems) {
        ClusterStatus status = StatusCodec.decode(entry.key(), entry.value(), problems);
        return view -> view.status(status);
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
        MemberName name = ClusterCodec.name(entry.value());
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
                        MemberName name = ClusterCodec.name(key);
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
}
