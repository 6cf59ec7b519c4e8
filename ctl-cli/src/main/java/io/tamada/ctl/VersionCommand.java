package io.tamada.ctl;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import io.tamada.ha.model.MemberStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "version",
        description =
                "Shows the version of this tool and, with a cluster, those that its members run.",
        footerHeading = "%nExamples:%n",
        footer = {"  tamadactl version", "  tamadactl version batman pg0"})
final class VersionCommand extends CtlCommand {

    /// From this server version on a version has two parts.
    private static final long TWO_PARTS = 100_000;

    @Parameters(index = "0", paramLabel = "CLUSTER", arity = "0..1")
    private @Nullable String cluster;

    @Parameters(index = "1..*", paramLabel = "MEMBER", arity = "0..*")
    private List<String> members = List.of();

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    VersionCommand(Ctl ctl) {
        super(ctl);
    }

    /// The version of this build.
    static String own() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    Outcome act() {
        console().line("tamadactl version " + own());
        if (cluster == null) {
            return Outcome.DONE;
        }
        console().line("");
        for (GroupView view : ctl.open(cluster, group).lookAtAll()) {
            for (MemberStatus member : view.members()) {
                if (members.isEmpty() || members.contains(member.name().value())) {
                    console().line(member.name() + ": " + versions(member));
                }
            }
        }
        return Outcome.DONE;
    }

    private String versions(MemberStatus member) {
        RestReply reply = ctl.api().get(member, null);
        if (!(reply instanceof RestReply.Answered(_, String body))) {
            return "failed to get version: " + reply.details();
        }
        try {
            Map<String, @Nullable Object> status = Json.parseObject(body);
            Object agent = status.get("patroni") instanceof Map<?, ?> m ? m.get("version") : null;
            if (agent == null) {
                return "failed to get version: " + reply.details();
            }
            return "Patroni "
                    + agent
                    + (status.get("server_version") instanceof Number n
                            ? " PostgreSQL " + dotted(n.longValue())
                            : "");
        } catch (JsonException e) {
            return "failed to get version: " + e.getMessage();
        }
    }

    private static String dotted(long number) {
        return number >= TWO_PARTS
                ? number / 10_000 + "." + number % 10_000
                : number / 10_000 + "." + number / 100 % 100 + "." + number % 100;
    }
}
