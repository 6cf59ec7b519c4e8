package io.tamada.ha.runtime;

import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.Outcome;
import io.tamada.ha.policy.StoreAnswer;
import io.tamada.ha.policy.TaskView;
import io.tamada.ha.port.OrderResult;
import org.jspecify.annotations.Nullable;

/// What was seen and what came of it, in a few words for the journal.
final class Phrases {

    private Phrases() {}

    static String seen(Observation seen) {
        String lease =
                seen.lease() == null
                        ? "no lease"
                        : "lease for another "
                                + seen.lease().remainingAt(seen.now()).toMillis()
                                + " ms";
        return store(seen.store())
                + "; "
                + postgres(seen.postgres())
                + "; "
                + lease
                + task(seen.task());
    }

    private static String store(StoreAnswer store) {
        return switch (store) {
            case StoreAnswer.Silent(String problem) -> "store silent: " + problem;
            case StoreAnswer.Seen(ClusterView view) -> {
                String leader =
                        view.leader() instanceof LeaderKey.HeldBy(MemberName name, _, _)
                                ? name + " leads"
                                : "nobody leads";
                yield leader + ", members " + view.members().keySet();
            }
        };
    }

    private static String postgres(LocalPostgres postgres) {
        return switch (postgres) {
            case LocalPostgres.Primary p ->
                    "primary at " + p.position() + " on timeline " + p.server().timeline();
            case LocalPostgres.Standby s ->
                    "standby at "
                            + s.position()
                            + " on timeline "
                            + s.server().timeline()
                            + (s.isStreaming() ? ", streaming" : ", not streaming");
            case LocalPostgres.Stopped s ->
                    (s.crashed() ? "crashed" : "stopped")
                            + (s.control() == null ? "" : ", " + s.control().state().text());
            case LocalPostgres.Starting s -> "starting for " + s.elapsed().toMillis() + " ms";
            case LocalPostgres.Stopping _ -> "stopping";
            case LocalPostgres.Unresponsive u -> "not answering: " + u.problem();
            case LocalPostgres.NoData(String problem) ->
                    problem == null ? "no data" : "data unreadable: " + problem;
        };
    }

    private static String task(TaskView task) {
        return switch (task) {
            case TaskView.Idle() -> "";
            case TaskView.Running(var running, var elapsed, _) ->
                    "; " + running.title() + " for " + elapsed.toMillis() + " ms";
            case TaskView.Ended(var ended, var result) ->
                    "; " + ended.title() + " ended: " + result;
        };
    }

    static String outcome(@Nullable Outcome outcome) {
        return switch (outcome) {
            case null -> "";
            case Outcome.None() -> "";
            case Outcome.OfWrite(WriteResult.Applied _) -> "applied";
            case Outcome.OfWrite(WriteResult.Refused(String reason)) -> "refused: " + reason;
            case Outcome.OfWrite(WriteResult.Unknown(String problem)) -> "unknown: " + problem;
            case Outcome.OfLease(LeaseResult.Granted _) -> "granted";
            case Outcome.OfLease(LeaseResult.Refused(String reason)) -> "refused: " + reason;
            case Outcome.OfLease(LeaseResult.Unknown(String problem)) -> "unknown: " + problem;
            case Outcome.OfOrder(OrderResult.Done()) -> "done";
            case Outcome.OfOrder(OrderResult.NeedsRestart(String why)) -> "needs a restart: " + why;
            case Outcome.OfOrder(OrderResult.Failed(String problem)) -> "failed: " + problem;
            case Outcome.OfGuard(boolean ok) -> ok ? "done" : "failed";
            case Outcome.OfFence(boolean certain) ->
                    certain ? "no server lives" : "a server may still live";
        };
    }
}
