package io.tamada.ha.policy;

import io.tamada.ha.OperatorRequest;
import io.tamada.ha.OperatorRequest.Outcome.Refused;
import io.tamada.ha.OperatorRequest.Reason;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.RestartFilter;
import io.tamada.ha.model.ScheduledRestart;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What operators ask of this member: restart now or later, reinitialize.
final class RequestRules {

    private static final Pattern VERSION = Pattern.compile("\\d{1,4}(\\.\\d{1,4}){0,2}");

    @Nullable Decision decide(Deliberation d, ClusterView view) {
        for (PendingRequest pending : d.seen.requests()) {
            Decision decision = answer(d, view, pending);
            if (decision != null) {
                return decision;
            }
        }
        return scheduledRestart(d, view);
    }

    private @Nullable Decision answer(Deliberation d, ClusterView view, PendingRequest pending) {
        return switch (pending.request()) {
            case OperatorRequest.Restart(RestartFilter filter) ->
                    restart(d, view, filter, pending.id());
            case OperatorRequest.ScheduleRestart schedule -> schedule(d, schedule, pending.id());
            case OperatorRequest.CancelScheduledRestart() -> cancelSchedule(d, pending.id());
            case OperatorRequest.Reinitialize(_, boolean fromLeader) ->
                    reinitialize(d, view, fromLeader, pending.id());
        };
    }

    // ---- restart
    // -----------------------------------------------------------------------------------------------

    private @Nullable Decision restart(
            Deliberation d, ClusterView view, RestartFilter filter, long id) {
        LocalPostgres.Server server = d.seen.postgres().running();
        if (server == null) {
            return refuse(d, id, Reason.CONDITIONS_NOT_MET, "postgres is not running");
        }
        if (filter.belowVersion() != null && versionNumber(filter.belowVersion()) < 0) {
            return refuse(
                    d,
                    id,
                    Reason.CONDITIONS_NOT_MET,
                    "'" + filter.belowVersion() + "' is not a PostgreSQL version");
        }
        if (!matches(d, server, filter)) {
            return refuse(d, id, Reason.CONDITIONS_NOT_MET, "restart conditions are not satisfied");
        }
        Decision duty = d.seen.lease() == null ? SyncDuty.giveBack(d, view) : null;
        return duty != null ? duty : begin(d, filter, id);
    }

    private static Decision begin(Deliberation d, RestartFilter filter, @Nullable Long id) {
        Duration limit =
                filter.timeout() != null
                        ? filter.timeout()
                        : d.seen.settings().primaryStartTimeout();
        d.memory.startTimeout = filter.timeout();
        d.memory.recovering = true;
        return d.said(new Decision.Begin(Rule.RESTART, new PostgresTask.Restart(null, limit), id));
    }

    static boolean matches(Deliberation d, LocalPostgres.Server server, RestartFilter filter) {
        if (filter.role() != null && filter.role() != role(d)) {
            return false;
        }
        if (filter.belowVersion() != null
                && server.version() >= versionNumber(filter.belowVersion())) {
            return false;
        }
        return !filter.onlyPending() || server.pendingRestart().isPending();
    }

    private static MemberRole role(Deliberation d) {
        if (d.seen.postgres() instanceof LocalPostgres.Primary) {
            return MemberRole.PRIMARY;
        }
        return d.seen.lease() != null ? MemberRole.STANDBY_LEADER : MemberRole.REPLICA;
    }

    /// `15.4` is 150004, `9.6.24` is 90624; -1 for what is no version.
    static int versionNumber(String version) {
        if (!VERSION.matcher(version).matches()) {
            return -1;
        }
        String[] parts = version.split("\\.", -1);
        int major = Integer.parseInt(parts[0]);
        int second = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
        int third = parts.length > 2 ? Integer.parseInt(parts[2]) : 0;
        return major >= 10 ? major * 10_000 + second : major * 10_000 + second * 100 + third;
    }

    // ---- restart at a given time
    // -------------------------------------------------------------------------------

    private static Decision schedule(
            Deliberation d, OperatorRequest.ScheduleRestart schedule, long id) {
        if (d.paused()) {
            return refuse(d, id, Reason.PAUSED, "Can't schedule restart in the paused state");
        }
        if (d.memory.scheduledRestart != null) {
            return refuse(d, id, Reason.ALREADY_SCHEDULED, "Another restart is already scheduled");
        }
        LocalPostgres.Server server = d.seen.postgres().running();
        d.memory.scheduledRestart =
                new ScheduledRestart(
                        schedule.filter(),
                        schedule.at(),
                        server == null ? null : server.postmasterStart());
        return done(d, id);
    }

    private static Decision cancelSchedule(Deliberation d, long id) {
        if (d.memory.scheduledRestart == null) {
            return refuse(d, id, Reason.NOTHING_SCHEDULED, "no restarts are scheduled");
        }
        d.memory.scheduledRestart = null;
        return done(d, id);
    }

    private @Nullable Decision scheduledRestart(Deliberation d, ClusterView view) {
        ScheduledRestart planned = d.memory.scheduledRestart;
        LocalPostgres.Server server = d.seen.postgres().running();
        if (planned == null || d.paused() || server == null) {
            return null;
        }
        if (!server.postmasterStart().equals(planned.postmasterStart())) {
            d.because("the scheduled restart is cancelled: PostgreSQL was restarted meanwhile");
            d.memory.scheduledRestart = null;
            return null;
        }
        Duration late = Duration.between(planned.at(), d.seen.wall());
        if (late.isNegative()) {
            return null;
        }
        if (late.compareTo(d.loopWait().multipliedBy(3).dividedBy(2)) > 0) {
            d.because(
                    "the scheduled restart is dropped: its time " + planned.at() + " is long over");
            d.memory.scheduledRestart = null;
            return null;
        }
        Decision duty = d.seen.lease() == null ? SyncDuty.giveBack(d, view) : null;
        if (duty != null) {
            return duty;
        }
        d.memory.scheduledRestart = null;
        return matches(d, server, planned.filter()) ? begin(d, planned.filter(), null) : null;
    }

    // ---- reinitialize
    // ------------------------------------------------------------------------------------------

    private static @Nullable Decision reinitialize(
            Deliberation d, ClusterView view, boolean fromLeader, long id) {
        if (d.seen.lease() != null) {
            return refuse(d, id, Reason.IS_LEADER, "I am the leader, can not reinitialize");
        }
        MemberName leader = view.leaderName();
        if (leader == null) {
            return refuse(d, id, Reason.NO_LEADER, "Cluster has no leader, can not reinitialize");
        }
        if (leader.equals(d.me())) {
            return refuse(d, id, Reason.IS_LEADER, "I am the leader, can not reinitialize");
        }
        Upstream source =
                fromLeader
                        ? Upstreams.ofMember(view.member(leader))
                        : Upstreams.cloneSource(d, view, leader);
        if (source.isNone()) {
            return refuse(d, id, Reason.NO_LEADER, "Cluster has no leader, can not reinitialize");
        }
        Decision duty = SyncDuty.giveBack(d, view);
        if (duty != null) {
            return duty;
        }
        return d.said(
                new Decision.Begin(
                        Rule.REINITIALIZE, new PostgresTask.Reinitialize(source, fromLeader), id));
    }

    private static Decision refuse(Deliberation d, long id, Reason reason, String text) {
        return d.said(
                new Decision.Answer(Rule.REFUSE_REQUEST, id, new Refused(reason, text)), text);
    }

    private static Decision done(Deliberation d, long id) {
        return d.said(
                new Decision.Answer(Rule.ACCEPT_REQUEST, id, new OperatorRequest.Outcome.Done()));
    }
}
