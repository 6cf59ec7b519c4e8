package io.tamada.agent.doctor;

import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// PostgreSQL's programs, as the configuration finds them.
final class Programs {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)(?:\\.(\\d+))?");

    private final Patient patient;

    Programs(Patient patient) {
        this.patient = patient;
    }

    /// Where a program is; null when it isn't there.
    @Nullable Path find(String program) {
        String renamed = patient.text("postgresql", "bin_name", program);
        String name = renamed == null ? program : renamed;
        String directory = patient.text("postgresql", "bin_dir");
        String where =
                directory == null || directory.isBlank()
                        ? patient.environment().getOrDefault("PATH", "")
                        : directory;
        for (String each : where.split(":", -1)) {
            if (!each.isBlank() && Files.isExecutable(Path.of(each, name))) {
                return Path.of(each, name);
            }
        }
        return null;
    }

    /// What a program prints of itself; empty where it can't be run or says something else.
    OptionalInt major(Path program) throws InterruptedException {
        Matcher version = VERSION.matcher(run(program, "--version").out());
        if (!version.find()) {
            return OptionalInt.empty();
        }
        int first = Integer.parseInt(version.group(1));
        return OptionalInt.of(first);
    }

    CommandResult run(Path program, String... arguments) throws InterruptedException {
        Command command =
                Command.of(program.toString())
                        .plus(java.util.List.of(arguments))
                        .with(Map.of("LANG", "C", "LC_ALL", "C"));
        return new CommandRunner().run(command, PATIENCE);
    }
}
