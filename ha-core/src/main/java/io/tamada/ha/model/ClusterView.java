package io.tamada.ha.model;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All that the store says about the cluster, as one read returned it.
///
/// @param initialization whether the cluster was born
/// @param config the dynamic configuration; null when the key is missing or can't be understood
/// @param leader who holds the lease
/// @param members what each member publishes, by name
/// @param status the leader's last word on positions
/// @param sync who is certain to hold acknowledged commits; null revision when the key is absent
/// @param failover what an operator asked for; null when nothing
/// @param history how timelines came to be; null when the key is missing or can't be understood
/// @param failsafe name to REST address of those whose consent a primary needs while the store is
///   silent
/// @param problems values in the store that could not be understood, each a sentence with its key
public record ClusterView(
        Initialization initialization,
        @Nullable Versioned<ConfigDocument> config,
        LeaderKey leader,
        Map<MemberName, MemberStatus> members,
        ClusterStatus status,
        Versioned<SyncState> sync,
        @Nullable Versioned<FailoverRequest> failover,
        @Nullable TimelineHistory history,
        Map<MemberName, String> failsafe,
        java.util.List<String> problems) {

    /// Stands for "the key is absent" where a revision is asked for.
    public static final Revision ABSENT = new Revision("");

    public static final ClusterView EMPTY = builder().build();

    public ClusterView {
        members = Collections.unmodifiableMap(new TreeMap<>(members));
        failsafe = Collections.unmodifiableMap(new LinkedHashMap<>(failsafe));
        problems = java.util.List.copyOf(problems);
    }

    public @Nullable MemberStatus member(MemberName name) {
        return members.get(name);
    }

    /// Who holds the lease; null when nobody does.
    public @Nullable MemberName leaderName() {
        return leader instanceof LeaderKey.HeldBy(var name, _, _) ? name : null;
    }

    /// The member that holds the lease; null when nobody does or the holder publishes nothing.
    public @Nullable MemberStatus leaderMember() {
        return leader instanceof LeaderKey.HeldBy(var name, _, _) ? members.get(name) : null;
    }

    /// True when nobody holds the lease.
    public boolean isLeaderless() {
        return leader.isFree();
    }

    /// The system identifier of the cluster; null before it is known.
    public @Nullable SystemId systemId() {
        return initialization instanceof Initialization.Done(SystemId id) ? id : null;
    }

    /// The timeline the cluster is on by its history; 0 when the history is missing.
    public int timeline() {
        return history == null ? 0 : history.current().value();
    }

    public static Builder builder() {
        return new Builder();
    }

    /// A builder that starts from this view.
    public Builder toBuilder() {
        Builder b = new Builder();
        b.initialization = initialization;
        b.config = config;
        b.leader = leader;
        b.members.putAll(members);
        b.status = status;
        b.sync = sync;
        b.failover = failover;
        b.history = history;
        b.failsafe = failsafe;
        b.problems = problems;
        return b;
    }

    /// Starts as a store without any key.
    public static final class Builder {
        private Initialization initialization = new Initialization.Absent();
        private @Nullable Versioned<ConfigDocument> config;
        private LeaderKey leader = LeaderKey.free();
        private final Map<MemberName, MemberStatus> members = new TreeMap<>();
        private ClusterStatus status = ClusterStatus.UNKNOWN;
        private Versioned<SyncState> sync = new Versioned<>(SyncState.EMPTY, ABSENT);
        private @Nullable Versioned<FailoverRequest> failover;
        private @Nullable TimelineHistory history;
        private Map<MemberName, String> failsafe = Map.of();
        private java.util.List<String> problems = java.util.List.of();

        private Builder() {}

        public Builder initialization(Initialization value) {
            initialization = value;
            return this;
        }

        public Builder initialized(SystemId id) {
            return initialization(new Initialization.Done(id));
        }

        public Builder config(@Nullable Versioned<ConfigDocument> value) {
            config = value;
            return this;
        }

        public Builder leader(LeaderKey value) {
            leader = value;
            return this;
        }

        public Builder leader(MemberName name) {
            return leader(new LeaderKey.HeldBy(name, Revision.of(1), name.value()));
        }

        public Builder member(MemberStatus status) {
            members.put(status.name(), status);
            return this;
        }

        public Builder withoutMember(MemberName name) {
            members.remove(name);
            return this;
        }

        public Builder members(Collection<MemberStatus> all) {
            all.forEach(this::member);
            return this;
        }

        public Builder status(ClusterStatus value) {
            status = value;
            return this;
        }

        public Builder sync(Versioned<SyncState> value) {
            sync = value;
            return this;
        }

        public Builder sync(SyncState value) {
            return sync(new Versioned<>(value, Revision.of(1)));
        }

        public Builder failover(@Nullable Versioned<FailoverRequest> value) {
            failover = value;
            return this;
        }

        public Builder failover(FailoverRequest value) {
            return failover(new Versioned<>(value, Revision.of(1)));
        }

        public Builder history(@Nullable TimelineHistory value) {
            history = value;
            return this;
        }

        public Builder failsafe(Map<MemberName, String> value) {
            failsafe = value;
            return this;
        }

        public Builder problems(java.util.List<String> value) {
            problems = value;
            return this;
        }

        public ClusterView build() {
            return new ClusterView(
                    initialization,
                    config,
                    leader,
                    members,
                    status,
                    sync,
                    failover,
                    history,
                    failsafe,
                    problems);
        }
    }
}
