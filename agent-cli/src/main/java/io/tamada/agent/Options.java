package io.tamada.agent;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The command line, understood.
///
/// @param file the configuration; null for the environment alone
/// @param ignoreListenPort a port in use is no finding
/// @param print write the configuration when it is valid
/// @param json write for programs rather than for people
/// @param dsn the server to make a configuration from; null for what libpq's variables say
record Options(
        Task task,
        @Nullable Path file,
        boolean ignoreListenPort,
        boolean print,
        boolean json,
        @Nullable String dsn) {

    enum Task {
        RUN,
        VALIDATE,
        DOCTOR,
        SAMPLE,
        GENERATE,
        DESCRIBE,
        VERSION,
        HELP
    }

    static final String HELP =
            """
            Usage: tamada [OPTION]... [CONFIG.yml|DIRECTORY]
                   tamada doctor [--json] [CONFIG.yml|DIRECTORY]

            Keeps a PostgreSQL server highly available: runs it, and decides together with the other
            members which of them is the primary.

            The configuration is one YAML file, or a directory whose *.yml and *.yaml files are laid over
            each other in the order of their names. Without one it comes from PATRONI_CONFIGURATION (a whole
            document) or from single PATRONI_... variables; TAMADA_... means the same and wins.
            Variables always win over files.

              --validate-config        check the configuration, tell everything that is wrong with it, and exit
              --ignore-listen-port, -i with --validate-config: a port in use is not an error
              --print, -p              with --validate-config: write the configuration when it is valid
              doctor                   look at the machine, the store and the other members, too, change nothing,
                                       and tell what will not work, why it matters and what to do; then exit
              --json                   with doctor: the same as a JSON list
              --generate-sample-config [FILE]
                                       write a template to be filled in, and exit
              --generate-config [FILE] write a configuration made from a running PostgreSQL, and exit
              --dsn DSN                with --generate-config: where it is, as psql is told; else PGHOST and its like
              --describe-settings      print all settings, in Markdown, and exit
              --version                print the version and exit
              --help, -h               print this and exit

            Signals: TERM or INT stops gracefully, HUP reloads the configuration.
            Exit codes: 0 stopped as asked; 1 the configuration or the machine won't do; 2 wrong command line; 3 the doctor has nothing
            but warnings; 5 stopped as asked, and the end of the log is lost.
            """;

    private static final Map<String, Task> TASKS =
            Map.of(
                    "--help", Task.HELP,
                    "-h", Task.HELP,
                    "--version", Task.VERSION,
                    "--validate-config", Task.VALIDATE,
                    "--generate-sample-config", Task.SAMPLE,
                    "--generate-config", Task.GENERATE,
                    "--describe-settings", Task.DESCRIBE,
                    "doctor", Task.DOCTOR);

    /// Reads arguments.
    ///
    /// @throws WrongUsage for arguments that mean nothing
    static Options parse(List<String> arguments) throws WrongUsage {
        Set<Task> tasks = EnumSet.noneOf(Task.class);
        Path file = null;
        String dsn = null;
        boolean ignorePort = false;
        boolean print = false;
        boolean json = false;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            Task task = TASKS.get(argument);
            if (task != null) {
                tasks.add(task);
                continue;
            }
            switch (argument) {
                case "--ignore-listen-port", "-i" -> ignorePort = true;
                case "--print", "-p" -> print = true;
                case "--json" -> json = true;
                case "--dsn" -> dsn = value(rest);
                default -> {
                    if (argument.startsWith("--dsn=")) {
                        dsn = argument.substring("--dsn=".length());
                        continue;
                    }
                    if (argument.startsWith("-") && argument.length() > 1) {
                        throw new WrongUsage("unknown option " + argument);
                    }
                    if (file != null) {
                        throw new WrongUsage(
                                "more than one configuration given; put several files into a directory");
                    }
                    file = path(argument);
                }
            }
        }
        Task task = only(tasks);
        if ((task == Task.RUN || task == Task.DOCTOR) && (ignorePort || print)) {
            throw new WrongUsage("--ignore-listen-port and --print go with --validate-config");
        }
        if (dsn != null && task != Task.GENERATE) {
            throw new WrongUsage("--dsn goes with --generate-config");
        }
        if (json && task != Task.DOCTOR) {
            throw new WrongUsage("--json goes with doctor");
        }
        return new Options(task, file, ignorePort, print, json, dsn);
    }

    private static Task only(Set<Task> tasks) throws WrongUsage {
        for (Task first : List.of(Task.HELP, Task.VERSION)) {
            if (tasks.contains(first)) {
                return first;
            }
        }
        if (tasks.size() > 1) {
            throw new WrongUsage(
                    "give only one of doctor, --validate-config, --generate-sample-config,"
                            + " --generate-config and --describe-settings");
        }
        return tasks.isEmpty() ? Task.RUN : tasks.iterator().next();
    }

    private static String value(Iterator<String> rest) throws WrongUsage {
        if (!rest.hasNext()) {
            throw new WrongUsage("--dsn needs a value, for example: 'host=10.0.0.1 user=postgres'");
        }
        return rest.next();
    }

    private static Path path(String argument) throws WrongUsage {
        try {
            return Path.of(argument);
        } catch (InvalidPathException e) {
            throw new WrongUsage("'" + argument + "' is not a path");
        }
    }

    /// A command line that means nothing.
    static final class WrongUsage extends Exception {
        private static final long serialVersionUID = 1L;

        WrongUsage(String message) {
            super(message);
        }
    }
}
