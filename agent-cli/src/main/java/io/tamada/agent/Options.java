package io.tamada.agent;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The command line, understood.
///
/// @param file the configuration; null for the environment alone
/// @param ignoreListenPort a port in use is no finding
/// @param print write the configuration when it is valid
record Options(Task task, @Nullable Path file, boolean ignoreListenPort, boolean print) {

    enum Task {
        RUN,
        VALIDATE,
        DESCRIBE,
        VERSION,
        HELP
    }

    static final String HELP =
            """
            Usage: tamada [OPTION]... [CONFIG.yml|DIRECTORY]

            Keeps a PostgreSQL server highly available: runs it, and decides together with the other
            members which of them is the primary.

            The configuration is one YAML file, or a directory whose *.yml and *.yaml files are laid over
            each other in the order of their names. Without one it comes from PATRONI_CONFIGURATION (a whole
            document) or from single PATRONI_... variables; TAMADA_... means the same and wins.
            Variables always win over files.

              --validate-config        check the configuration, tell everything that is wrong with it, and exit
              --ignore-listen-port, -i with --validate-config: a port in use is not an error
              --print, -p              with --validate-config: write the configuration when it is valid
              --describe-settings      print all settings, in Markdown, and exit
              --version                print the version and exit
              --help, -h               print this and exit

            Signals: TERM or INT stops gracefully, HUP reloads the configuration.
            Exit codes: 0 stopped as asked; 1 the configuration or the machine won't do; 2 wrong command line.
            """;

    /// Reads arguments.
    ///
    /// @throws WrongUsage for arguments that mean nothing
    static Options parse(List<String> arguments) throws WrongUsage {
        Task task = Task.RUN;
        Path file = null;
        boolean ignorePort = false;
        boolean print = false;
        for (String argument : arguments) {
            switch (argument) {
                case "--help", "-h" -> task = Task.HELP;
                case "--version" -> task = task == Task.HELP ? task : Task.VERSION;
                case "--validate-config" -> task = task == Task.RUN ? Task.VALIDATE : task;
                case "--describe-settings" -> task = task == Task.RUN ? Task.DESCRIBE : task;
                case "--ignore-listen-port", "-i" -> ignorePort = true;
                case "--print", "-p" -> print = true;
                default -> {
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
        if (task == Task.RUN && (ignorePort || print)) {
            throw new WrongUsage("--ignore-listen-port and --print go with --validate-config");
        }
        return new Options(task, file, ignorePort, print);
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
