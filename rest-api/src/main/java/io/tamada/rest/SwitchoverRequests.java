package io.tamada.rest;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.ReplicationMode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The body of `POST /switchover` and `POST /failover`, understood or refused, and whether the
/// cluster can do it. Pure.
final class SwitchoverRequests {

    private SwitchoverRequests() {}

    enum Action {
        SWITCHOVER("Switched over", "switched over"),
        FAILOVER("Failed over", "failed over");

        private final String done;
        private final String doneInside;

        Action(String done, String doneInside) {
            this.done = done;
            this.doneInside = doneInside;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The word at the start of a sentence.
        String title() {
            return name().charAt(0) + text().substring(1);
        }

        String succeeded(MemberName leader) {
            return "Successfully " + doneInside + " to \"" + leader + "\"";
        }

        String wonByOther(MemberName leader, MemberName candidate) {
            return done + " to \"" + leader + "\" instead of \"" + candidate + "\"";
        }
    }

    sealed interface Parsed {
        /// @param action what it is from here on: a failover that names the leader is a switchover
        /// @param at null for now
        record Asked(
                Action action,
                @Nullable MemberName leader,
                @Nullable MemberName candidate,
                @Nullable OffsetDateTime at)
                implements Parsed {

            FailoverRequest toStore() {
                if (leader == null) {
                    if (candidate == null) {
                        throw new IllegalStateException("neither leader nor candidate");
                    }
                    return new FailoverRequest.Failover(candidate);
                }
                return new FailoverRequest.Switchover(
                        leader,
                        candidate,
                        at == null
                                ? null
                                : new FailoverRequest.Schedule(Timestamps.iso(at), at.toInstant()));
            }
        }

        record Refused(int status, String text) implements Parsed {}
    }

    /// @param asked by which path
    /// @param now wall time
    static Parsed parse(
            Action asked, Map<String, @Nullable Object> body, boolean paused, Instant now) {
        for (String key : List.of("leader", "candidate", "member")) {
            Object value = body.get(key);
            if (value != null
                    && (!(value instanceof String name) || name.equals(MemberName.RESERVED))) {
                return bad(key + ": must be the name of a member");
            }
        }
        MemberName leader = name(body.get("leader"));
        MemberName named = name(body.get("candidate"));
        MemberName candidate = named != null ? named : name(body.get("member"));
        if (asked == Action.FAILOVER && candidate == null) {
            return bad("Failover could be performed only to a specific candidate");
        }
        if (asked == Action.SWITCHOVER && leader == null) {
            return bad("Switchover could be performed only from a specific leader");
        }
        OffsetDateTime at = null;
        Object scheduled = body.get("scheduled_at");
        if (scheduled != null && !scheduled.equals("")) {
            if (asked == Action.FAILOVER) {
                return bad("Failover can't be scheduled");
            }
            if (paused) {
                return bad("Can't schedule switchover in the paused state");
            }
            switch (Schedules.parse("switchover", scheduled, now)) {
                case Schedules.Result.At(var moment) -> at = moment;
                case Schedules.Result.Refused(int status, String text) -> {
                    return new Parsed.Refused(status, text);
                }
            }
        }
        if (paused && candidate == null) {
            return bad("Switchover is possible only to a specific candidate in a paused state");
        }
        if (leader != null && leader.equals(candidate)) {
            return bad("Switchover target and source are the same");
        }
        return new Parsed.Asked(
                leader == null ? Action.FAILOVER : Action.SWITCHOVER, leader, candidate, at);
    }

    private static Parsed.Refused bad(String text) {
        return new Parsed.Refused(400, text);
    }

    private static @Nullable MemberName name(@Nullable Object value) {
        return value instanceof String text && !text.isBlank() ? MemberName.of(text) : null;
    }

    /// Who might take over, before anybody is asked.
    sealed interface Candidates {
        record Found(List<MemberStatus> members) implements Candidates {
            public Found {
                members = List.copyOf(members);
            }
        }

        record Impossible(String text) implements Candidates {}
    }

    static Candidates candidates(Parsed.Asked asked, ClusterView view, ClusterSettings settings) {
        if (asked.leader() != null && !view.leader().isHeldBy(asked.leader())) {
            return new Candidates.Impossible("leader name does not match");
        }
        boolean priority = settings.replication() instanceof ReplicationMode.Priority;
        MemberName candidate = asked.candidate();
        if (candidate != null) {
            if (asked.action() == Action.SWITCHOVER
                    && priority
                    && !view.sync().value().lists(candidate)) {
                return new Candidates.Impossible("candidate name does not match with sync_standby");
            }
            MemberStatus member = view.member(candidate);
            return member == null
                    ? new Candidates.Impossible("candidate does not exists")
                    : new Candidates.Found(List.of(member));
        }
        if (priority) {
            List<MemberStatus> listed =
                    view.members().values().stream()
                            .filter(m -> view.sync().value().lists(m.name()))
                            .toList();
            return found(listed, asked, "can not find sync_standby");
        }
        List<MemberStatus> others =
                view.members().values().stream()
                        .filter(m ->
                                !(view.leader() instanceof LeaderKey.HeldBy(var holder, _, _)
                                        && holder.equals(m.name())))
                        .toList();
        return found(others, asked, "cluster does not have members except leader");
    }

    private static Candidates found(
            List<MemberStatus> members, Parsed.Asked asked, String otherwise) {
        return members.isEmpty()
                ? new Candidates.Impossible(impossible(asked, otherwise))
                : new Candidates.Found(members);
    }

    static String impossible(Parsed.Asked asked, String why) {
        return asked.action().text() + " is not possible: " + why;
    }
}
