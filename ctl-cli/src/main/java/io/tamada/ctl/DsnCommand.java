package io.tamada.ctl;

import io.tamada.ha.model.MemberStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "dsn",
        description = "Prints where a member's PostgreSQL listens, as a connection string.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  psql \"$(tamadactl dsn batman) dbname=app\"",
            "  tamadactl dsn batman -r replica"
        })
final class DsnCommand extends CtlCommand {

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(
            names = {"-r", "--role"},
            paramLabel = "ROLE",
            converter = RoleFilter.Converter.class,
            completionCandidates = RoleFilter.Candidates.class,
            description = "A member of this role: ${COMPLETION-CANDIDATES}; default leader.")
    private @Nullable RoleFilter role;

    @Option(
            names = {"-m", "--member"},
            paramLabel = "NAME",
            description = "This member.")
    private @Nullable String member;

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    DsnCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        MemberStatus found = OneMember.find(ctl.open(cluster, group), role, member);
        HostPort address = found == null ? null : HostPort.of(found.connUrl());
        if (address == null) {
            throw new CtlError("Can not find a suitable member");
        }
        console().line("host=%s port=%d".formatted(address.host(), address.port()));
        return Outcome.DONE;
    }
}
