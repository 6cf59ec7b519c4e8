package io.tamada.ha.policy;

import io.tamada.ha.model.MemberName;
import java.util.Locale;

/// Every branch of the policy has a name: the same in log, metric, journal,
/// `docs/decision-table.md` and tests.
///
/// The sentence is what operators read. `%s` stands for what only the moment knows.
public enum Rule {

    // ---- The lease
    LEASE_GONE(Topic.THE_LEASE, "the lease is not ours any more: not believing in it"),
    LEASE_REGAINED(
            Topic.THE_LEASE,
            "the leader key carries my name from before: asking for the lease again"),

    // ---- Does the data belong to this cluster?
    DATA_BROKEN(
            Topic.DOES_THE_DATA_BELONG_TO_THIS_CLUSTER,
            "the data directory is not empty but pg_control can't be read: reinitialize this member"),
    RELEASE_BROKEN_DATA(
            Topic.DOES_THE_DATA_BELONG_TO_THIS_CLUSTER,
            "released the leader key: pg_control can't be read"),
    STOP_FOREIGN(
            Topic.DOES_THE_DATA_BELONG_TO_THIS_CLUSTER,
            "stopping PostgreSQL: its system identifier %s is not the cluster's %s"),
    FOREIGN_DATA(
            Topic.DOES_THE_DATA_BELONG_TO_THIS_CLUSTER,
            "the local system identifier %s is not the cluster's %s: this data belongs to another cluster"),
    FOREIGN_LEADER(
            Topic.DOES_THE_DATA_BELONG_TO_THIS_CLUSTER,
            "released the leader key: the local system identifier is not the cluster's"),
    PRIMARY_FIRST(
            Topic.DOES_THE_DATA_BELONG_TO_THIS_CLUSTER,
            "the cluster is unknown to the store and this is a standby: start the agent on the primary first"),
    CLAIM_CLUSTER(
            Topic.DOES_THE_DATA_BELONG_TO_THIS_CLUSTER,
            "telling the store that this cluster has system identifier %s"),

    // ---- Making a cluster, joining a cluster
    RELEASE_WITHOUT_DATA(
            Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER,
            "released the leader key: the data directory is empty"),
    DATA_UNREADABLE(
            Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER, "the data directory can't be read: %s"),
    EMPTY_IN_PAUSE(Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER, "running with empty data directory"),
    WIN_BOOTSTRAP(Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER, "trying to bootstrap a new cluster"),
    BOOTSTRAP(
            Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER,
            "trying to bootstrap a new cluster: the right to is ours"),
    BOOTSTRAP_STANDBY_LEADER(
            Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER, "trying to bootstrap a new standby leader"),
    POST_BOOTSTRAP(Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER, "running post_bootstrap"),
    WAIT_FOR_RECOVERY_END(
            Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER,
            "waiting for end of recovery after bootstrap"),
    BOOTSTRAP_GUARD(
            Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER,
            "arming the watchdog before the new cluster is announced"),
    BOOTSTRAP_IDENTITY(
            Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER,
            "announcing the system identifier of the new cluster"),
    BOOTSTRAP_CONFIG(
            Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER,
            "publishing the configuration of the new cluster"),
    BOOTSTRAP_LEAD(
            Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER, "taking the leader key of the new cluster"),
    BOOTSTRAPPED(Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER, "initialized a new cluster"),
    BOOTSTRAP_TELL_AGAIN(
            Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER,
            "the new cluster could not be announced; trying again"),
    BOOTSTRAP_CANCEL(
            Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER, "bootstrap failed: giving up the right to"),
    BOOTSTRAP_DISCARD(
            Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER,
            "bootstrap failed: moving what is left of it aside"),
    BOOTSTRAP_FAILED(Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER, "failed to bootstrap the cluster"),
    CLONE(Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER, "trying to bootstrap from %s"),
    CLONE_WITHOUT_LEADER(
            Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER, "trying to bootstrap (without leader)"),
    CLONE_FAILED(Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER, "copying the data failed: %s"),
    WAIT_FOR_BOOTSTRAP(Topic.MAKING_A_CLUSTER_JOINING_A_CLUSTER, "waiting for leader to bootstrap"),

    // ---- PostgreSQL is down
    DOWN_IN_PAUSE(Topic.POSTGRESQL_IS_DOWN, "PostgreSQL is not running"),
    RELEASE_DOWN_IN_PAUSE(
            Topic.POSTGRESQL_IS_DOWN, "removed leader lock because postgres is not running"),
    RELEASE_STEPPING_DOWN(Topic.POSTGRESQL_IS_DOWN, "released the leader key after stopping"),
    WAIT_FOR_SUCCESSOR(
            Topic.POSTGRESQL_IS_DOWN, "released the leader key; waiting for somebody to take over"),
    RELEASE_CANNOT_START(
            Topic.POSTGRESQL_IS_DOWN,
            "removed leader key after trying and failing to start postgres"),
    RELEASE_CRASHED(
            Topic.POSTGRESQL_IS_DOWN,
            "released the leader key for an immediate failover after a crash"),
    START_FAILED(Topic.POSTGRESQL_IS_DOWN, "failed to start postgres: %s"),
    START_CRASHED_PRIMARY(Topic.POSTGRESQL_IS_DOWN, "starting primary after failure"),
    START_TO_PROMOTE(
            Topic.POSTGRESQL_IS_DOWN, "starting as readonly because i had the session lock"),
    START_STANDBY_LEADER(
            Topic.POSTGRESQL_IS_DOWN,
            "starting as a standby leader because i had the session lock"),
    START_STANDBY(Topic.POSTGRESQL_IS_DOWN, "starting as a secondary of %s"),
    RECOVER_IN_SINGLE_USER_MODE(
            Topic.POSTGRESQL_IS_DOWN, "doing crash recovery in a single user mode"),

    // ---- Divergence
    COMPARE_WITH_LEADER(Topic.DIVERGENCE, "comparing timelines with the leader"),
    DIVERGENCE_UNKNOWN(Topic.DIVERGENCE, "waiting to learn whether the data has diverged: %s"),
    WAIT_FOR_LEADER_CHECKPOINT(
            Topic.DIVERGENCE, "waiting for the checkpoint of %s before pg_rewind"),
    REWIND(Topic.DIVERGENCE, "running pg_rewind: %s"),
    DIVERGED_FOR_GOOD(
            Topic.DIVERGENCE,
            "not following: the data has diverged in a way that only a reinitialize mends: %s"),
    CLONE_DIVERGED(Topic.DIVERGENCE, "reinitializing due to diverged timelines: %s"),
    CLONE_AFTER_REWIND_FAILED(Topic.DIVERGENCE, "reinitializing because pg_rewind failed: %s"),

    // ---- Nobody leads
    NOT_READY_FOR_RACE(Topic.NOBODY_LEADS, "nobody leads, and PostgreSQL is not ready for a race"),
    FENCE_WITHOUT_LEASE(
            Topic.NOBODY_LEADS, "demoted self: accepting writes without the lease is not allowed"),
    FENCE_OLD_TIMELINE(
            Topic.NOBODY_LEADS, "demoted self: my timeline %s is behind the cluster's %s"),
    RETAKE_LEASE(
            Topic.NOBODY_LEADS, "nobody leads and this is a running primary: asking for the lease"),
    PRIMARY_WITHOUT_LEASE_IN_PAUSE(Topic.NOBODY_LEADS, "continue to run as primary without lock"),
    RACE_AFTER_FAILED_PROMOTE(
            Topic.NOBODY_LEADS, "not racing for a while after a failed promotion"),
    NO_RACE_IN_PAUSE(Topic.NOBODY_LEADS, "no race in pause"),
    NOT_ALLOWED_TO_PROMOTE(
            Topic.NOBODY_LEADS, "following a different leader because I am not allowed to promote"),
    NO_RACE_WITHOUT_WATCHDOG(
            Topic.NOBODY_LEADS, "not racing: a watchdog is required and can't be had"),
    NOT_IN_FAILSAFE(
            Topic.NOBODY_LEADS, "not racing: this member is not in the list of failsafe members"),
    PROMISE_MAY_RUN(
            Topic.NOBODY_LEADS,
            "not racing: before it started this member may have let a primary go on without the store"),
    NOT_SYNCHRONOUS(Topic.NOBODY_LEADS, "not racing: only synchronous members may lead: %s"),
    RACE_BACKOFF(
            Topic.NOBODY_LEADS,
            "wal position moved since last heart beat loop: %s s until the race"),
    STOP_RECEIVER(Topic.NOBODY_LEADS, "stopping the WAL receiver so that positions are final"),
    RECEIVER_STOPS(Topic.NOBODY_LEADS, "waiting for the WAL receiver to stop"),
    POSITION_IS_FINAL(Topic.NOBODY_LEADS, "the WAL receiver has stopped: this position is final"),
    ASK_PEERS(Topic.NOBODY_LEADS, "asking %s for their WAL positions"),
    ASK_CANDIDATE(Topic.NOBODY_LEADS, "asking the requested candidate %s"),
    CANDIDATE_GOES_FIRST(Topic.NOBODY_LEADS, "leaving the lease to the requested candidate %s"),
    OTHERS_GO_FIRST(Topic.NOBODY_LEADS, "leaving the lease to another member as was asked for"),
    POSITIONS_NOT_FINAL(Topic.NOBODY_LEADS, "waiting for final WAL positions of the others"),
    WIN_RACE(Topic.NOBODY_LEADS, "asking for the lease as the healthiest member"),
    LOST_RACE(Topic.NOBODY_LEADS, "did not get the lease; looking who did"),
    NOT_THE_HEALTHIEST(
            Topic.NOBODY_LEADS,
            "following a different leader because i am not the healthiest node: %s"),

    // ---- Leading
    GUARD(Topic.LEADING, "arming the watchdog"),
    GUARD_OFF_IN_PAUSE(Topic.LEADING, "disarming the watchdog in pause"),
    DEMOTE_WITHOUT_WATCHDOG(Topic.LEADING, "demoting self because watchdog could not be activated"),
    NO_PROMOTION_WITHOUT_WATCHDOG(
            Topic.LEADING, "not promoting self because watchdog could not be activated"),
    LEASE_TOO_SHORT_TO_PROMOTE(
            Topic.LEADING,
            "not promoting before the lease is renewed: it lasts another %s ms only"),
    PROMOTE(Topic.LEADING, "promoted self to leader by acquiring session lock"),
    PROMOTE_FAILED(Topic.LEADING, "promotion did not succeed yet: %s"),
    CANNOT_PROMOTE(
            Topic.LEADING,
            "promotion failed %s times: stopping PostgreSQL so that another can lead: %s"),
    PRE_PROMOTE_FAILED(Topic.LEADING, "promotion cancelled, releasing the leader key: %s"),
    RELEASE_NOT_PRIMARY_IN_PAUSE(
            Topic.LEADING, "removed leader lock because postgres is not running as primary"),
    LEADER_STOPS(Topic.LEADING, "PostgreSQL is stopping"),
    STILL_STARTING(Topic.LEADING, "PostgreSQL is still starting up, %s seconds until timeout"),
    START_TOO_SLOW(Topic.LEADING, "stopped PostgreSQL because of startup timeout"),
    UNRESPONSIVE(Topic.LEADING, "PostgreSQL does not answer: %s"),
    HUNG(Topic.LEADING, "stopped PostgreSQL because it did not answer for too long"),
    NO_SUCCESSOR(Topic.LEADING, "a failover would be due, but nobody can take over: %s"),
    ASK_SUCCESSORS(Topic.LEADING, "asking %s whether they could take over"),
    CLEAR_WON_REQUEST(Topic.LEADING, "clearing the request that led to this promotion"),
    CLEAR_REQUEST(Topic.LEADING, "clearing the request for a switchover or failover: %s"),
    HAND_OVER(Topic.LEADING, "switchover: demoting myself in favour of %s"),
    DEMOTE_CLUSTER(Topic.LEADING, "demoting to a standby cluster"),
    RESTORE_CONFIG(Topic.LEADING, "restoring the configuration in the store"),
    CHECKPOINT_AFTER_PROMOTE(Topic.LEADING, "beginning the checkpoint after promotion"),
    PUBLISH_HISTORY(Topic.LEADING, "publishing the timeline history"),
    PUBLISH_STATUS(Topic.LEADING, "publishing WAL positions"),
    PUBLISH_FAILSAFE(Topic.LEADING, "publishing the list of failsafe members"),
    LEADS(Topic.LEADING, "no action. I am ({me}), the leader with the lock"),
    LEADS_STANDBY_CLUSTER(
            Topic.LEADING, "no action. I am ({me}), the standby leader with the lock"),
    FOLLOW_REMOTE(Topic.LEADING, "following the remote source"),
    FOLLOW_REMOTE_BY_RESTART(Topic.LEADING, "restarting to follow the remote source"),

    // ---- Synchronous replication
    SYNC_KEY(Topic.SYNCHRONOUS_REPLICATION, "publishing synchronous standbys %s with quorum %s"),
    SYNC_NAMES(Topic.SYNCHRONOUS_REPLICATION, "setting synchronous_standby_names to '%s'"),
    SYNC_OFF(Topic.SYNCHRONOUS_REPLICATION, "synchronous replication is off: removing its key"),
    SYNC_NAMES_OFF(
            Topic.SYNCHRONOUS_REPLICATION,
            "synchronous replication is off: clearing synchronous_standby_names"),
    SYNC_KEY_BEFORE_PROMOTION(
            Topic.SYNCHRONOUS_REPLICATION,
            "claiming the synchronous replication key before promotion"),
    SYNC_NAMES_BEFORE_PROMOTION(
            Topic.SYNCHRONOUS_REPLICATION,
            "setting synchronous_standby_names to '%s' before promotion"),
    SYNC_NAMES_NOT_SET(
            Topic.SYNCHRONOUS_REPLICATION,
            "promotion cancelled, releasing the leader key: synchronous_standby_names can't be set: %s"),
    SYNC_KEY_CHANGED(
            Topic.SYNCHRONOUS_REPLICATION,
            "postponing promotion because synchronous replication state was updated by somebody else"),
    GIVES_BACK_SYNC_DUTY(
            Topic.SYNCHRONOUS_REPLICATION,
            "asking to be relieved from synchronous duty before stopping"),

    // ---- Following
    NOT_READY_TO_FOLLOW(Topic.FOLLOWING, "PostgreSQL is not ready to follow yet"),
    FENCE_STALE_PRIMARY(
            Topic.FOLLOWING, "demoted self because {me} doesn't have the lock: %s leads"),
    FOLLOW(Topic.FOLLOWING, "following %s"),
    FOLLOW_BY_RESTART(Topic.FOLLOWING, "restarting to follow %s"),
    COPY_LOGICAL_SLOTS(
            Topic.FOLLOWING, "copying logical slots %s from %s, for which PostgreSQL restarts"),
    RESUME_REPLAY(Topic.FOLLOWING, "resuming paused replay"),
    FOLLOWS(Topic.FOLLOWING, "no action. I am ({me}), a secondary, and following a leader (%s)"),
    FOLLOWS_STANDBY_LEADER(
            Topic.FOLLOWING,
            "no action. I am ({me}), a secondary, and following a standby leader (%s)"),

    // ---- Every member
    CONFIGURE(Topic.EVERY_MEMBER, "applying the dynamic configuration"),
    SYNC_SLOTS(Topic.EVERY_MEMBER, "bringing replication slots in line"),

    // ---- A long task runs
    KEEPS_LEASE_DURING_TASK(Topic.A_LONG_TASK_RUNS, "updated leader lock during %s"),
    TASK_RUNS(Topic.A_LONG_TASK_RUNS, "%s in progress"),
    STOPS_TO_HAND_OVER(
            Topic.A_LONG_TASK_RUNS,
            "%s in progress: keeping the lock until the shutdown checkpoint has arrived"),
    RELEASE_EARLY(
            Topic.A_LONG_TASK_RUNS,
            "a standby has the shutdown checkpoint: releasing the leader key"),
    CRASH_RECOVERY_TOO_SLOW(Topic.A_LONG_TASK_RUNS, "crash recovery takes too long: cancelling it"),
    LOST_LEASE_BEFORE_PROMOTE(Topic.A_LONG_TASK_RUNS, "lost leader before promote"),
    FENCE_DURING_TASK(Topic.A_LONG_TASK_RUNS, "lost leader lock during %s: stopping PostgreSQL"),
    BUSY_WITH_ANOTHER(Topic.A_LONG_TASK_RUNS, "refusing a request while another task runs"),
    CANCEL_FOR_REINITIALIZE(
            Topic.A_LONG_TASK_RUNS, "cancelling the running task for a forced reinitialize"),

    // ---- The store is silent
    STORE_SILENT(Topic.THE_STORE_IS_SILENT, "DCS is not accessible: %s"),
    STORE_SILENT_DURING_BOOTSTRAP(
            Topic.THE_STORE_IS_SILENT, "DCS is not accessible during bootstrap: %s"),
    STORE_SILENT_LEASE_LASTS(
            Topic.THE_STORE_IS_SILENT, "DCS is not accessible; the lease lasts another %s s: %s"),
    ASK_CONSENT(
            Topic.THE_STORE_IS_SILENT,
            "DCS is not accessible: asking %s for consent to stay primary"),
    LEADS_BY_CONSENT(
            Topic.THE_STORE_IS_SILENT,
            "continue to run as a leader because failsafe mode is enabled and all members are accessible: %s"),
    STOP_BEFORE_EDGE(
            Topic.THE_STORE_IS_SILENT,
            "demoting self because DCS is not accessible and I was a leader: %s"),
    STOPS_BEFORE_EDGE(Topic.THE_STORE_IS_SILENT, "stopping before the lease runs out"),
    FENCE_AT_EDGE(
            Topic.THE_STORE_IS_SILENT,
            "stopping PostgreSQL by force before the lease runs out: %s"),
    START_READ_ONLY(
            Topic.THE_STORE_IS_SILENT,
            "starting as a standby of nobody until the DCS is accessible again"),

    // ---- Operators' requests
    RESTART(Topic.OPERATORS_REQUESTS, "restarting PostgreSQL on request"),
    REINITIALIZE(Topic.OPERATORS_REQUESTS, "reinitializing on request"),
    ACCEPT_REQUEST(Topic.OPERATORS_REQUESTS, "request accepted"),
    REFUSE_REQUEST(Topic.OPERATORS_REQUESTS, "request refused: %s"),

    // ---- The agent ends
    LEAVE_CANCELS_TASK(Topic.THE_AGENT_ENDS, "ending: cancelling %s"),
    LEAVE_WAITS_FOR_TASK(Topic.THE_AGENT_ENDS, "ending: waiting for %s"),
    LEAVE_STOPS(Topic.THE_AGENT_ENDS, "ending: stopping PostgreSQL"),
    FENCE_LEAVING(Topic.THE_AGENT_ENDS, "ending: stopping PostgreSQL by force"),
    LEAVE_RELEASES(Topic.THE_AGENT_ENDS, "ending: releasing the leader key"),
    LEAVE(Topic.THE_AGENT_ENDS, "ending"),
    LEAVE_RUNNING(Topic.THE_AGENT_ENDS, "ending in pause: PostgreSQL runs on"),

    // ---- A bug
    NO_PROGRESS(Topic.A_BUG, "too many decisions in one turn: looking anew");

    /// What a rule is about: the sections of the decision table.
    public enum Topic {
        THE_LEASE("The lease"),
        DOES_THE_DATA_BELONG_TO_THIS_CLUSTER("Does the data belong to this cluster?"),
        MAKING_A_CLUSTER_JOINING_A_CLUSTER("Making a cluster, joining a cluster"),
        POSTGRESQL_IS_DOWN("PostgreSQL is down"),
        DIVERGENCE("Divergence"),
        NOBODY_LEADS("Nobody leads"),
        LEADING("Leading"),
        SYNCHRONOUS_REPLICATION("Synchronous replication"),
        FOLLOWING("Following"),
        EVERY_MEMBER("Every member"),
        A_LONG_TASK_RUNS("A long task runs"),
        THE_STORE_IS_SILENT("The store is silent"),
        OPERATORS_REQUESTS("Operators' requests"),
        THE_AGENT_ENDS("The agent ends"),
        A_BUG("A bug");

        private final String title;

        Topic(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    private final Topic topic;
    private final String label = name().toLowerCase(Locale.ROOT);
    private final String sentence;

    Rule(Topic topic, String sentence) {
        this.topic = topic;
        this.sentence = sentence;
    }

    public Topic topic() {
        return topic;
    }

    /// The sentence with its gaps.
    public String sentence() {
        return sentence;
    }

    /// The sentence, with the gaps filled as far as there is something to fill them with.
    String sentence(MemberName me, Object... details) {
        String text = sentence.replace("{me}", me.value());
        for (Object detail : details) {
            int gap = text.indexOf("%s");
            if (gap < 0) {
                break;
            }
            text = text.substring(0, gap) + detail + text.substring(gap + 2);
        }
        return text;
    }

    /// The name as metrics carry it.
    public String label() {
        return label;
    }
}
