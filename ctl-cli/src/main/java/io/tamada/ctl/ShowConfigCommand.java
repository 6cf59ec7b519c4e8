package io.tamada.ctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show-config",
        description = "Shows the configuration that all members of a cluster share.",
        footerHeading = "%nExamples:%n",
        footer = {"  tamadactl show-config batman"})
final class ShowConfigCommand extends CtlCommand {

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    ShowConfigCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        Integer wanted = group == null ? ctl.settings().citusGroup() : group;
        var config = ctl.open(cluster, wanted).look().view().config();
        if (config != null) {
            console().line(YamlText.of(config.value().root()));
        }
        return Outcome.DONE;
    }
}
