package io.tamada.ctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "promote-cluster",
        description = "Makes a standby cluster stand on its own.",
        footerHeading = "%nExamples:%n",
        footer = {"  tamadactl promote-cluster batman"})
final class PromoteClusterCommand extends CtlCommand {

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(names = "--force", description = "Ask nothing.")
    private boolean force;

    PromoteClusterCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        return new ClusterRoleChange(ctl, false, null).make(cluster, force);
    }
}
