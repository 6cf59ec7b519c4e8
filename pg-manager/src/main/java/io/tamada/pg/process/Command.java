package io.tamada.pg.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What to run. Secrets never belong into `argv`, which every user of the machine can read.
///
/// @param argv the program and its arguments
/// @param environment laid over our own environment
/// @param directory where it works; null for our own
/// @param lines told of each line on standard error as it comes, `\r` counts as an end too; null
///   for nobody
public record Command(
        List<String> argv,
        Map<String, String> environment,
        @Nullable Path directory,
        @Nullable Consumer<String> lines) {

    public Command {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    public static Command of(List<String> argv) {
        return new Command(argv, Map.of(), null, null);
    }

    public static Command of(String... argv) {
        return of(List.of(argv));
    }

    public Command plus(List<String> arguments) {
        List<String> all = new ArrayList<>(argv);
        all.addAll(arguments);
        return new Command(all, environment, directory, lines);
    }

    public Command with(String variable, String value) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.put(variable, value);
        return new Command(argv, all, directory, lines);
    }

    public Command with(Map<String, String> variables) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.putAll(variables);
        return new Command(argv, all, directory, lines);
    }

    public Command in(Path where) {
        return new Command(argv, environment, where, lines);
    }

    public Command tellingLines(Consumer<String> to) {
        return new Command(argv, environment, directory, to);
    }

    /// The program's name alone, for messages.
    public String program() {
        String first = argv.getFirst();
        return first.substring(first.lastIndexOf('/') + 1);
    }
}
