package io.tamada.ctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pause",
        description =
                "Stops automatic management: no failover happens until 'resume', and PostgreSQL is left as it is.",
        footerHeading = "%nExamples:%n",
        footer = {"  tamadactl pause batman --wait"})
final class PauseCommand extends CtlCommand {

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(names = "--wait", description = "Wait until every member has noticed.")
    private boolean wait;

    PauseCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        return new PauseSwitch(ctl, true).turn(cluster, group, wait);
    }
}
