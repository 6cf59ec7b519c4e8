package io.tamada.pg;

import io.tamada.ha.port.TaskResult;
import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Lets the data recover without opening it to anybody: the server in single-user mode, ended at
/// once.
final class CrashRecovery {

    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    private CrashRecovery() {}

    static TaskResult run(Site site, ServerMemory memory) throws InterruptedException {
        String obstacle = site.obstacle();
        if (obstacle == null && site.postmaster.find() != null) {
            obstacle = "a server runs on " + site.data.root();
        }
        if (obstacle != null) {
            return new TaskResult.Failed(obstacle, false);
        }
        new ArchiveCommands(site).archiveReady();
        try {
            emptyArchiveStatus(site);
            site.files.writeRecoveryMarks(null, false, site.version());
            List<String> argv =
                    new ArrayList<>(
                            List.of(
                                    site.binaries.path("postgres"),
                                    "--single",
                                    "-D",
                                    site.data.root().toString()));
            argv.addAll(lastOptions(site));
            argv.addAll(
                    List.of("-c", "archive_mode=on", "-c", "archive_command=false", "template1"));
            CommandResult result =
                    site.runner.run(Command.of(argv).in(site.data.root()), CommandRunner.UNLIMITED);
            memory.expectedUp = false;
            return result.succeeded()
                    ? TaskResult.success()
                    : new TaskResult.Failed(
                            result.problem("crash recovery in single-user mode"), false);
        } catch (IOException e) {
            return new TaskResult.Failed("crash recovery could not be prepared: " + e, true);
        }
    }

    private static void emptyArchiveStatus(Site site) throws IOException {
        Path status = site.data.walDirectory().resolve("archive_status");
        if (Files.isDirectory(status)) {
            try (Stream<Path> files = Files.list(status)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /// What the server was last started with, as `-c name=value`: it must not have less than that.
    private static List<String> lastOptions(Site site) throws IOException {
        Path file = site.data.file("postmaster.opts");
        return Files.exists(file) ? options(Files.readString(file)) : List.of();
    }

    static List<String> options(String opts) {
        List<String> result = new ArrayList<>();
        Matcher m = QUOTED.matcher(opts);
        while (m.find()) {
            String word = m.group(1);
            int equals = word.indexOf('=');
            if (word.startsWith("--") && equals > 0) {
                result.add("-c");
                result.add(word.substring(2, equals).replace('-', '_') + word.substring(equals));
            }
        }
        return result;
    }
}
