package io.tamada.ctl;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// The commands there are.
final class Commands {

    private static final Map<String, Function<Ctl, Object>> ALL = new TreeMap<>();

    static {
        ALL.put("completion", CompletionCommand::new);
        ALL.put("demote-cluster", DemoteClusterCommand::new);
        ALL.put("dsn", DsnCommand::new);
        ALL.put("edit-config", EditConfigCommand::new);
        ALL.put("failover", FailoverCommand::new);
        ALL.put("flush", FlushCommand::new);
        ALL.put("history", HistoryCommand::new);
        ALL.put("list", ListCommand::new);
        ALL.put("pause", PauseCommand::new);
        ALL.put("promote-cluster", PromoteClusterCommand::new);
        ALL.put("query", QueryCommand::new);
        ALL.put("reinit", ReinitCommand::new);
        ALL.put("reload", ReloadCommand::new);
        ALL.put("remove", RemoveCommand::new);
        ALL.put("remove-store-server", RemoveStoreServerCommand::new);
        ALL.put("restart", RestartCommand::new);
        ALL.put("resume", ResumeCommand::new);
        ALL.put("show-config", ShowConfigCommand::new);
        ALL.put("store-servers", StoreServersCommand::new);
        ALL.put("switchover", SwitchoverCommand::new);
        ALL.put("topology", TopologyCommand::new);
        ALL.put("version", VersionCommand::new);
        ALL.put("why", WhyCommand::new);
    }

    private Commands() {}

    /// Adds the commands that the arguments can mean: those that they name, or all when they name
    /// none. Reading the description of every command takes longer than most commands do.
    static void addTo(CommandLine line, Ctl ctl, String... arguments) {
        List<String> named = Arrays.stream(arguments).filter(ALL::containsKey).distinct().toList();
        boolean needsAll = named.isEmpty() || named.contains("completion");
        addHelp(line);
        ALL.forEach((name, maker) -> {
            if (needsAll || named.contains(name)) {
                line.addSubcommand(name, maker.apply(ctl));
                addHelp(line.getSubcommands().get(name));
            }
        });
    }

    private static void addHelp(@Nullable CommandLine command) {
        if (command != null) {
            command.getCommandSpec()
                    .addOption(
                            OptionSpec.builder("--help")
                                    .type(boolean.class)
                                    .arity("0")
                                    .usageHelp(true)
                                    .description("Show this message and exit.")
                                    .build());
        }
    }
}
