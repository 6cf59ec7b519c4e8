package io.tamada.ctl;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.PostgresState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "reinit",
        description = "Throws away the data of replicas and copies it anew.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tamadactl reinit batman pg1",
            "  tamadactl reinit batman pg1 pg2 --force --wait"
        })
final class ReinitCommand extends CtlCommand {

    private static final String IN_PROGRESS = " already in progress";
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

    /// A day: nobody's base backup takes longer.
    private static final int POLLS_MAX = 43_200;

    /// The work may begin a moment after the request: a member that still looks untouched is
    /// believed to be finished only after so many looks.
    private static final int POLLS_BEFORE_START_MAX = 5;

    @Parameters(index = "0", paramLabel = "CLUSTER")
    private String cluster = "";

    @Parameters(
            index = "1..*",
            paramLabel = "MEMBER",
            arity = "0..*",
            description = "Default: asked for.")
    private List<String> members = List.of();

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(names = "--wait", description = "Wait until it is done.")
    private boolean wait;

    @Option(
            names = "--from-leader",
            description = "Copy from the leader, with the built-in method.")
    private boolean fromLeader;

    @Option(names = "--force", description = "Ask nothing; cancel what the member is doing.")
    private boolean force;

    ReinitCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        Cluster target = ctl.open(cluster, group);
        MemberChoice choice = MemberChoice.among(ctl, target, RoleFilter.REPLICA, members);
        List<MemberStatus> chosen = chosen(choice);
        if (chosen.isEmpty()) {
            return Outcome.DONE;
        }
        MemberChoice.confirm(
                ctl,
                force,
                "reinitialize",
                "Are you sure you want to reinitialize members "
                        + MemberChoice.names(chosen)
                        + "?");
        Outcome outcome = Outcome.DONE;
        List<MemberStatus> started = new ArrayList<>();
        for (MemberStatus member : chosen) {
            Outcome one = reinitialize(member);
            outcome = outcome.worse(one);
            if (one == Outcome.DONE) {
                started.add(member);
            }
        }
        return wait ? outcome.worse(awaitAll(started)) : outcome;
    }

    private List<MemberStatus> chosen(MemberChoice choice) {
        if (!members.isEmpty()) {
            return choice.named(members, RoleFilter.REPLICA.text());
        }
        if (force) {
            return List.of();
        }
        String answer =
                ctl.dialogue()
                        .ask(
                                "Which member do you want to reinitialize [%s]?"
                                        .formatted(MemberChoice.names(choice.candidates())),
                                "");
        return List.of(choice.one(answer));
    }

    private Outcome reinitialize(MemberStatus member) {
        RestReply reply = request(member, force);
        boolean busy =
                reply instanceof RestReply.Answered a
                        && !a.isSuccess()
                        && a.body().endsWith(IN_PROGRESS);
        if (busy && !force) {
            tell(member, reply);
            boolean cancel =
                    ctl.dialogue()
                            .confirm(
                                    "Do you want to cancel it and reinitialize %s anyway?"
                                            .formatted(member.name()));
            if (!cancel) {
                return Outcome.REFUSED;
            }
            reply = request(member, true);
        }
        return tell(member, reply);
    }

    private RestReply request(MemberStatus member, boolean cancelOther) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("force", cancelOther);
        body.put("from_leader", fromLeader);
        return ctl.api().call(member, "POST", "reinitialize", body, REQUEST_TIMEOUT);
    }

    private Outcome tell(MemberStatus member, RestReply reply) {
        MemberReport report = new MemberReport(console(), "reinitialize", member);
        return reply instanceof RestReply.Answered(int status, _) && status == 200
                ? report.done("Success: reinitialize for member " + member.name())
                : report.failed(reply);
    }

    private Outcome awaitAll(List<MemberStatus> started) {
        List<MemberStatus> waiting = new ArrayList<>(started);
        Set<MemberStatus> begun = new HashSet<>();
        for (int poll = 0; !waiting.isEmpty() && poll < POLLS_MAX; poll++) {
            console()
                    .line(
                            "Waiting for reinitialize to complete on: "
                                    + MemberChoice.names(waiting));
            if (!ctl.world().pauses().pause(POLL)) {
                return Outcome.UNKNOWN;
            }
            for (MemberStatus member : List.copyOf(waiting)) {
                String state = state(member);
                if (state.isEmpty()) {
                    continue;
                }
                if (!state.equals(PostgresState.RUNNING.text())) {
                    begun.add(member);
                }
                boolean copying = state.equals(PostgresState.CREATING_REPLICA.text());
                if (!copying && (begun.contains(member) || poll >= POLLS_BEFORE_START_MAX)) {
                    waiting.remove(member);
                    console().line("Reinitialize is completed on: " + member.name());
                }
            }
        }
        return waiting.isEmpty() ? Outcome.DONE : Outcome.UNKNOWN;
    }

    /// What the member says of its PostgreSQL; empty when it says nothing.
    private String state(MemberStatus member) {
        if (!(ctl.api().get(member, "patroni") instanceof RestReply.Answered(_, String body))) {
            return "";
        }
        try {
            return Objects.toString(Json.parseObject(body).get("state"), "");
        } catch (JsonException e) {
            return "";
        }
    }
}
