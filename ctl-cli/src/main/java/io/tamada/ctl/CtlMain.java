package io.tamada.ctl;

import io.tamada.ha.time.SystemTime;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `tamadactl`: parses the command line, runs one command, and turns whatever comes of it into an
/// exit code.
@Command(
        name = "tamadactl",
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows and steers clusters that Tamada or Patroni members keep.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tamadactl -c /etc/tamada/pg0.yaml list",
            "  tamadactl -d 10.0.0.1:2379 switchover batman",
            "  tamadactl COMMAND --help"
        })
public final class CtlMain implements Runnable {

    @Mixin private final GlobalOptions options = new GlobalOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    CtlMain() {}

    /// Runs one command and exits with its code: 0, 1 for an error, 2 for wrong usage, and with
    /// `--strict-exit` 3 and 4.
    public static void main(String[] args) {
        Console console = new TerminalConsole(System.out, System.err);
        AtomicBoolean finished = new AtomicBoolean();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    if (!finished.get()) {
                                        console.complain("\nAborted!");
                                        Runtime.getRuntime().halt(1);
                                    }
                                },
                                "left with ctrl-c"));
        ToolLog.start(System.getenv());
        World world =
                new World(
                        console,
                        System.getenv(),
                        Path.of(System.getProperty("user.home", "/")),
                        new SystemTime(),
                        ZoneId.systemDefault(),
                        World.Pauses::inRealTime,
                        CtlMain.class.getClassLoader());
        int code = run(world, args);
        System.out.flush();
        finished.set(true);
        System.exit(code);
    }

    /// Runs one command.
    ///
    /// @return the exit code
    static int run(World world, String... args) {
        CtlMain root = new CtlMain();
        try (Ctl ctl = new Ctl(world, root.options)) {
            CommandLine line = new CommandLine(root);
            Commands.addTo(line, ctl, args);
            line.setCaseInsensitiveEnumValuesAllowed(true);
            line.setOut(new PrintWriter(new ConsoleWriter(world.console()::print), true));
            line.setErr(
                    new PrintWriter(
                            new ConsoleWriter(t -> world.console().complain(t.stripTrailing())),
                            true));
            line.setParameterExceptionHandler((e, _) -> wrongUsage(world.console(), e));
            line.setExecutionExceptionHandler((e, _, _) -> failed(world.console(), e));
            return line.execute(args);
        }
    }

    /// Without a command there is nothing to do but to say what there is.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    private static int wrongUsage(Console console, ParameterException e) {
        String path = e.getCommandLine().getCommandSpec().qualifiedName();
        String usage = e.getCommandLine().getHelp().synopsis(0).strip();
        console.complain("Usage: " + usage);
        console.complain("Try '" + path + " --help' for help.");
        console.complain("");
        console.complain("Error: " + e.getMessage());
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Console console, Exception e) {
        console.progress("");
        switch (e) {
            case CtlError error -> console.complain("Error: " + error.getMessage());
            case CtlError.Aborted _ -> console.complain("Aborted!");
            default -> {
                ToolLog.unexpected(e);
                console.complain(
                        "Error: unexpected: %s. This is a bug; LOGLEVEL=DEBUG shows where."
                                .formatted(e));
            }
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
