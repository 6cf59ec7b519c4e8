package io.tamada.agent;

import io.tamada.agent.generate.Generator;
import io.tamada.configuration.ConfigurationReader;
import io.tamada.configuration.Finding;
import io.tamada.configuration.GivenSettings;
import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.model.ConfigDocument;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `--generate-sample-config` and `--generate-config`.
record GenerateTask(
        PrintStream out, PrintStream err, Map<String, String> environment, DcsProviders providers) {

    private static final String HEAD =
            """
            # What says #FIXME is to be filled in; tamada --validate-config FILE tells what is left.
            """;

    int run(Options options) {
        GivenSettings given = new ConfigurationReader(null, environment, providers).environment();
        for (Finding finding : given.findings()) {
            err.println("tamada: " + finding);
        }
        if (!given.findings().isEmpty()) {
            return AgentMain.REFUSED;
        }
        Generator generator = new Generator(given.document(), environment, providers);
        try {
            ConfigDocument document =
                    options.task() == Options.Task.SAMPLE
                            ? generator.sample()
                            : generator.of(options.dsn(), GenerateTask::typedPassword);
            write(HEAD + ConfigurationPrinter.yaml(document), options.file());
            return AgentMain.OK;
        } catch (IllegalArgumentException | SQLException e) {
            err.println("tamada: " + String.valueOf(e.getMessage()).replaceAll("\\s*\\n\\s*", " "));
        } catch (IOException e) {
            err.println("tamada: " + options.file() + ": can't be written: " + e);
        }
        return AgentMain.REFUSED;
    }

    // It is null where the Java runtime is a small one.
    @SuppressWarnings("SystemConsoleNull")
    private static @Nullable String typedPassword() {
        Console console = System.console();
        char[] typed =
                console != null && console.isTerminal() ? console.readPassword("Password: ") : null;
        return typed == null ? null : new String(typed);
    }

    /// For its owner alone: there are passwords in it.
    private void write(String text, @Nullable Path file) throws IOException {
        if (file == null) {
            out.print(text);
            return;
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (Files.notExists(file)) {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, text);
    }
}
