package io.tamada.ctl;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// A completion script for fish, from the description of the commands.
final class FishCompletion {

    private FishCompletion() {}

    static String script(CommandLine root) {
        CommandSpec spec = root.getCommandSpec();
        List<String> lines = new ArrayList<>();
        String before = "complete -c " + spec.name();
        lines.add(before + " -f");
        spec.options().forEach(o -> lines.add(before + " -n __fish_use_subcommand" + option(o)));
        root.getSubcommands()
                .forEach((name, command) -> {
                    String about =
                            String.join(" ", command.getCommandSpec().usageMessage().description());
                    lines.add(
                            before
                                    + " -n __fish_use_subcommand -a "
                                    + name
                                    + " -d "
                                    + quoted(about));
                    String within = before + " -n " + quoted("__fish_seen_subcommand_from " + name);
                    command.getCommandSpec().options().forEach(o -> lines.add(within + option(o)));
                });
        return String.join("\n", lines) + "\n";
    }

    private static String option(OptionSpec option) {
        StringBuilder out = new StringBuilder();
        for (String name : option.names()) {
            out.append(
                    name.startsWith("--")
                            ? " -l " + name.substring(2)
                            : " -s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            out.append(" -r");
            Iterable<String> values = option.completionCandidates();
            if (values != null) {
                out.append(" -a ").append(quoted(String.join(" ", values)));
            }
        }
        return out.append(" -d ").append(quoted(String.join(" ", option.description()))).toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
