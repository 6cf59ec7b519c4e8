package io.tamada.ha.model;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a member publishes about itself in `/members/<name>`.
///
/// State and role are kept as the member wrote them, since members of other versions may use words
/// we don't know.
///
/// @param connUrl `postgres://host:port/database`, without credentials
/// @param apiUrl where its REST API answers; a member without one takes no part in races
/// @param state one of [PostgresState]'s texts
/// @param role one of [MemberRole]'s texts
/// @param version the agent's version, dotted; a Patroni version for compatibility
/// @param proxyUrl an address in front of the member
/// @param checkpointAfterPromote false while a promoted leader has not finished its first
///   checkpoint; else null
/// @param position primary: flushed; standby: the greater of received and replayed; null when
///   unknown
/// @param replayed of a standby
/// @param received of a standby
/// @param replicationState `streaming` or `in archive recovery`
/// @param timeline null when unknown
/// @param paused true when the member acts on the cluster's pause
/// @param extra fields of its own that a member may add, for instance what software it is
public record MemberStatus(
        MemberName name,
        @Nullable String connUrl,
        @Nullable String apiUrl,
        String state,
        String role,
        @Nullable String version,
        @Nullable String proxyUrl,
        @Nullable Boolean checkpointAfterPromote,
        Tags tags,
        PendingRestart pendingRestart,
        @Nullable Lsn position,
        @Nullable Lsn replayed,
        @Nullable Lsn received,
        @Nullable String replicationState,
        @Nullable Timeline timeline,
        @Nullable ScheduledRestart scheduledRestart,
        boolean paused,
        ConfigDocument extra) {

    /// The key of what [#alarm] returns.
    public static final String ALARM = "alarm";

    /// What the member can't mend by itself, in a sentence that says what to do; null when there is
    /// nothing, or the member can't tell.
    public @Nullable String alarm() {
        return extra.at(ALARM) instanceof String text && !text.isBlank() ? text : null;
    }

    public boolean isRunning() {
        return state.equals(PostgresState.RUNNING.text());
    }

    public Optional<PostgresState> knownState() {
        return PostgresState.of(state);
    }

    public Optional<MemberRole> knownRole() {
        return MemberRole.of(role.toLowerCase(Locale.ROOT));
    }

    public boolean isPrimary() {
        return knownRole().map(MemberRole::isPrimary).orElse(false);
    }

    /// Whether something takes effect with a restart only; older members don't say what.
    public boolean isRestartPending() {
        return pendingRestart.isPending() || Boolean.TRUE.equals(extra.at("pending_restart"));
    }

    public static Builder builder(MemberName name) {
        return new Builder(name);
    }

    public Builder toBuilder() {
        Builder b = new Builder(name);
        b.connUrl = connUrl;
        b.apiUrl = apiUrl;
        b.state = state;
        b.role = role;
        b.version = version;
        b.proxyUrl = proxyUrl;
        b.checkpointAfterPromote = checkpointAfterPromote;
        b.tags = tags;
        b.pendingRestart = pendingRestart;
        b.position = position;
        b.replayed = replayed;
        b.received = received;
        b.replicationState = replicationState;
        b.timeline = timeline;
        b.scheduledRestart = scheduledRestart;
        b.paused = paused;
        b.extra = extra;
        return b;
    }

    /// Starts as a running replica without positions.
    public static final class Builder {
        private final MemberName name;
        private @Nullable String connUrl;
        private @Nullable String apiUrl;
        private String state = PostgresState.RUNNING.text();
        private String role = MemberRole.REPLICA.text();
        private @Nullable String version;
        private @Nullable String proxyUrl;
        private @Nullable Boolean checkpointAfterPromote;
        private Tags tags = Tags.NONE;
        private PendingRestart pendingRestart = PendingRestart.NONE;
        private @Nullable Lsn position;
        private @Nullable Lsn replayed;
        private @Nullable Lsn received;
        private @Nullable String replicationState;
        private @Nullable Timeline timeline;
        private @Nullable ScheduledRestart scheduledRestart;
        private boolean paused;
        private ConfigDocument extra = ConfigDocument.EMPTY;

        private Builder(MemberName name) {
            this.name = name;
        }

        public Builder connUrl(@Nullable String url) {
            connUrl = url;
            return this;
        }

        public Builder apiUrl(@Nullable String url) {
            apiUrl = url;
            return this;
        }

        public Builder state(PostgresState value) {
            return state(value.text());
        }

        public Builder state(String text) {
            state = text;
            return this;
        }

        public Builder role(MemberRole value) {
            return role(value.text());
        }

        public Builder role(String text) {
            role = text;
            return this;
        }

        public Builder version(@Nullable String text) {
            version = text;
            return this;
        }

        public Builder proxyUrl(@Nullable String url) {
            proxyUrl = url;
            return this;
        }

        public Builder checkpointAfterPromote(@Nullable Boolean done) {
            checkpointAfterPromote = done;
            return this;
        }

        public Builder tags(Tags value) {
            tags = value;
            return this;
        }

        public Builder pendingRestart(PendingRestart value) {
            pendingRestart = value;
            return this;
        }

        public Builder position(@Nullable Lsn value) {
            position = value;
            return this;
        }

        public Builder replayed(@Nullable Lsn value) {
            replayed = value;
            return this;
        }

        public Builder received(@Nullable Lsn value) {
            received = value;
            return this;
        }

        public Builder replicationState(@Nullable String value) {
            replicationState = value;
            return this;
        }

        public Builder timeline(@Nullable Timeline value) {
            timeline = value;
            return this;
        }

        public Builder scheduledRestart(@Nullable ScheduledRestart value) {
            scheduledRestart = value;
            return this;
        }

        public Builder paused(boolean value) {
            paused = value;
            return this;
        }

        public Builder extra(ConfigDocument value) {
            extra = value;
            return this;
        }

        public MemberStatus build() {
            return new MemberStatus(
                    name,
                    connUrl,
                    apiUrl,
                    state,
                    role,
                    version,
                    proxyUrl,
                    checkpointAfterPromote,
                    tags,
                    pendingRestart,
                    position,
                    replayed,
                    received,
                    replicationState,
                    timeline,
                    scheduledRestart,
                    paused,
                    extra);
        }
    }
}
