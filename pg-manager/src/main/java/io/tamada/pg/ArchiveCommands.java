package io.tamada.pg;

import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Archives and fetches WAL by the server's own commands while the server is down.
final class ArchiveCommands {

    private static final System.Logger LOG = System.getLogger(ArchiveCommands.class.getName());
    private static final Pattern WAL_READY = Pattern.compile("[0-9A-F]{24}(\\.partial)?\\.ready");

    private static final Pattern PLACEHOLDER = Pattern.compile("%([pfr%])");

    private final Site site;

    ArchiveCommands(Site site) {
        this.site = site;
    }

    /// A parameter's value as the stopped server would have it; empty when it can't tell.
    String configured(String parameter) throws InterruptedException {
        CommandResult result =
                site.runner.run(
                        Command.of(
                                site.binaries.path("postgres"),
                                "-D",
                                site.data.root().toString(),
                                "--config-file=" + site.files.conf(),
                                "-C",
                                parameter),
                        Binaries.QUICK);
        return result.succeeded() ? result.out().strip() : "";
    }

    /// Sends what waits to the archive, before a rewind or a recovery makes it vanish.
    void archiveReady() throws InterruptedException {
        String mode = configured("archive_mode");
        String command = configured("archive_command");
        if (!(mode.equals("on") || mode.equals("always"))
                || command.isEmpty()
                || command.equals("(disabled)")) {
            return;
        }
        Path status = site.data.walDirectory().resolve("archive_status");
        try (Stream<Path> files = Files.list(status)) {
            List<Path> ready =
                    files.filter(f -> WAL_READY.matcher(f.getFileName().toString()).matches())
                            .sorted()
                            .toList();
            for (Path file : ready) {
                String wal = file.getFileName().toString().replace(".ready", "");
                if (!execute(command, wal, site.data.walDirectory().resolve(wal)).succeeded()) {
                    LOG.log(System.Logger.Level.WARNING, "{0} could not be archived", wal);
                    return;
                }
                Files.move(file, status.resolve(wal + ".done"));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "WAL could not be archived: {0}", e);
        }
    }

    boolean restore(String command, String wal) throws InterruptedException {
        return execute(command, wal, site.data.walDirectory().resolve(wal)).succeeded();
    }

    private CommandResult execute(String command, String wal, Path path)
            throws InterruptedException {
        String line = fill(command, wal, path.toString());
        return site.runner.run(
                Command.of("/bin/sh", "-c", line).in(site.data.root()), CommandRunner.UNLIMITED);
    }

    /// `%p` is the path, `%f` the name, `%r` a WAL file older than any, `%%` a percent sign.
    static String fill(String command, String wal, String path) {
        StringBuilder line = new StringBuilder();
        Matcher m = PLACEHOLDER.matcher(command);
        while (m.find()) {
            String value =
                    switch (m.group(1)) {
                        case "p" -> path;
                        case "f" -> wal;
                        case "r" -> "000000010000000000000001";
                        default -> "%";
                    };
            m.appendReplacement(line, Matcher.quoteReplacement(value));
        }
        return m.appendTail(line).toString();
    }
}
