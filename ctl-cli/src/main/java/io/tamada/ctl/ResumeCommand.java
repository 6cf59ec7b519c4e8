package io.tamada.ctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "resume",
        description = "Resumes automatic management after 'pause'.",
        footerHeading = "%nExamples:%n",
        footer = {"  tamadactl resume batman --wait"})
final class ResumeCommand extends CtlCommand {

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(names = "--wait", description = "Wait until every member has noticed.")
    private boolean wait;

    ResumeCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        return new PauseSwitch(ctl, false).turn(cluster, group, wait);
    }
}
