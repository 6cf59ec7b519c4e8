package io.tamada.ctl;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Versioned;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "edit-config",
        description = "Changes the configuration that all members of a cluster share.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tamadactl edit-config batman",
            "  tamadactl edit-config batman -s loop_wait=5 -p max_connections=200 --force",
            "  tamadactl edit-config batman -s synchronous_mode=null",
            "  tamadactl edit-config batman --apply patch.yaml"
        })
final class EditConfigCommand extends CtlCommand {

    private static final String STDIN = "-";

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(
            names = {"-q", "--quiet"},
            description = "Do not show what changes.")
    private boolean quiet;

    @Option(
            names = {"-s", "--set"},
            paramLabel = "KEY=VALUE",
            description = "Set one value; the key with dots, the value in YAML; null deletes.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = {"-p", "--pg"},
            paramLabel = "NAME=VALUE",
            description =
                    "Set one PostgreSQL parameter: short for -s postgresql.parameters.NAME=VALUE.")
    private List<String> parameters = new ArrayList<>();

    @Option(
            names = "--apply",
            paramLabel = "FILE",
            description = "Apply a YAML file as a patch; - for standard input.")
    private @Nullable String apply;

    @Option(
            names = "--replace",
            paramLabel = "FILE",
            description = "Replace all by a YAML file; - for standard input.")
    private @Nullable String replace;

    @Option(names = "--force", description = "Ask nothing.")
    private boolean force;

    EditConfigCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        Cluster target = ctl.open(cluster, group == null ? ctl.settings().citusGroup() : group);
        Versioned<ConfigDocument> stored = target.look().view().config();
        if (stored == null) {
            throw new CtlError("The config key does not exist in the cluster " + target.name());
        }
        ConfigDocument before = stored.value();
        boolean fromEditor =
                apply == null && replace == null && settings.isEmpty() && parameters.isEmpty();
        ConfigDocument after =
                fromEditor
                        ? new ConfigEditor(ctl).edit(target.name(), before)
                        : ConfigChange.edited(
                                before, file(replace), file(apply), settings, parameters);
        ConfigChange change = new ConfigChange(before, after);
        if (change.isEmpty()) {
            if (!quiet) {
                console().line("Not changed");
            }
            return Outcome.DONE;
        }
        if (!quiet) {
            new Pager(ctl).show(change.diff());
        }
        change.warnings().forEach(w -> console().complain("Warning: " + w));
        if (!force && (STDIN.equals(apply) || STDIN.equals(replace))) {
            console().line("Use --force option to apply changes");
            return Outcome.DONE;
        }
        if (!force && !ctl.dialogue().confirm("Apply these changes?")) {
            return Outcome.DONE;
        }
        return written(
                target.write(new DcsEntry.Config(after), Precondition.at(stored.revision())));
    }

    private Outcome written(WriteResult result) {
        return switch (result) {
            case WriteResult.Applied _ -> {
                console().line("Configuration changed");
                yield Outcome.DONE;
            }
            case WriteResult.Refused _ -> {
                console().line("Config modification aborted due to concurrent changes");
                yield Outcome.REFUSED;
            }
            case WriteResult.Unknown(String problem) ->
                    throw new CtlError(
                            "The store did not confirm the change (%s): look with 'show-config' whether it was made"
                                    .formatted(problem));
        };
    }

    private @Nullable ConfigDocument file(@Nullable String name) {
        if (name == null) {
            return null;
        }
        String text = name.equals(STDIN) ? console().readAll() : ConfigSource.text(Path.of(name));
        return YamlText.parseMapping(text, name.equals(STDIN) ? "standard input" : name);
    }
}
