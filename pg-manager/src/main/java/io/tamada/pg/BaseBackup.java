package io.tamada.pg;

import io.tamada.ha.port.TaskProgress;
import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A copy of a running server by `pg_basebackup`.
final class BaseBackup {

    private static final System.Logger LOG = System.getLogger(BaseBackup.class.getName());
    private static final int ATTEMPTS = 2;
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Set<String> FORBIDDEN =
            Set.of(
                    "pgdata",
                    "format",
                    "wal-method",
                    "xlog-method",
                    "gzip",
                    "version",
                    "dbname",
                    "host",
                    "port",
                    "username",
                    "password");
    private static final Pattern PROGRESS = Pattern.compile("\\s*(\\d+)/(\\d+) kB \\((\\d+)%\\).*");

    /// Null when it worked, else why not; the data directory is empty then.
    @Nullable String run(
            Site site,
            ServerAddress source,
            Map<String, @Nullable String> options,
            TaskProgress progress)
            throws IOException, InterruptedException {
        String missing = site.binaries.missing("pg_basebackup");
        if (missing != null) {
            return missing;
        }
        String problem = "";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            if (attempt > 1) {
                Thread.sleep(PAUSE);
            }
            site.data.clear("a base backup of " + source.urlForm() + " replaces it");
            CommandResult result = attempt(site, source, options, progress);
            if (result.succeeded()) {
                return null;
            }
            problem = result.problem("base backup of " + source.urlForm());
            LOG.log(System.Logger.Level.WARNING, problem);
        }
        site.data.clear("the base backup did not finish");
        return problem;
    }

    private static CommandResult attempt(
            Site site,
            ServerAddress source,
            Map<String, @Nullable String> options,
            TaskProgress progress)
            throws IOException, InterruptedException {
        try (ToolLogin login =
                ToolLogin.to(site, source, site.settings.replication, site.settings.database)) {
            Command command =
                    Command.of(arguments(site, login.conninfo(), options))
                            .with(login.environment())
                            .with("LC_ALL", "C")
                            .tellingLines(new Meter(progress)::line);
            return site.runner.run(command, CommandRunner.UNLIMITED);
        }
    }

    static List<String> arguments(Site site, String conninfo, Map<String, @Nullable String> options)
            throws InterruptedException {
        PgVersion version = site.version();
        Set<String> except = new HashSet<>(FORBIDDEN);
        String compress = options.get("compress");
        if (!version.atLeast(150_000) || compress == null || !compress.startsWith("server")) {
            except.add("compress");
        }
        ProgramOptions.forbidden(options, except)
                .forEach(name ->
                        LOG.log(
                                System.Logger.Level.ERROR,
                                "postgresql.basebackup: option {0} can''t be given: left out",
                                name));
        List<String> argv =
                new ArrayList<>(
                        List.of(
                                site.binaries.path("pg_basebackup"),
                                "--pgdata=" + site.data.root(),
                                version.atLeast(100_000)
                                        ? "--wal-method=stream"
                                        : "--xlog-method=stream",
                                "--dbname=" + conninfo));
        if (!options.containsKey("progress") && !options.containsKey("no-estimate-size")) {
            argv.add("--progress");
        }
        if (!options.containsKey("checkpoint")) {
            // A replica is wanted now; `checkpoint: spread` in the options spares a busy primary.
            argv.add("--checkpoint=fast");
        }
        argv.addAll(ProgramOptions.arguments(options, except));
        return argv;
    }

    /// Turns the program's progress lines into a sentence with percent, rate and what remains.
    static final class Meter {
        private final TaskProgress progress;
        private long firstKilobytes = -1;
        private long firstNanos;
        private long loggedTenths;
        private String last = "";

        Meter(TaskProgress progress) {
            this.progress = progress;
        }

        void line(String line) {
            String text = sentence(line, System.nanoTime());
            if (text != null && !text.equals(last)) {
                last = text;
                progress.detail(text);
                log(text);
            }
        }

        /// A line for every tenth of the way, however long it takes.
        private void log(String text) {
            long tenths = Long.parseLong(text.substring(0, text.indexOf('%'))) / 10;
            if (tenths > loggedTenths) {
                loggedTenths = tenths;
                LOG.log(System.Logger.Level.INFO, "Base backup: {0}", text);
            }
        }

        @Nullable String sentence(String line, long nowNanos) {
            Matcher m = PROGRESS.matcher(line);
            if (!m.matches()) {
                return null;
            }
            long done = Long.parseLong(m.group(1));
            long total = Long.parseLong(m.group(2));
            if (firstKilobytes < 0) {
                firstKilobytes = done;
                firstNanos = nowNanos;
            }
            double seconds = (nowNanos - firstNanos) / 1e9;
            String text = String.format(Locale.ROOT, "%s%% of %d MB", m.group(3), total / 1024);
            if (seconds < 1 || done <= firstKilobytes) {
                return text;
            }
            double rate = (done - firstKilobytes) / seconds;
            return String.format(
                    Locale.ROOT,
                    "%s, %.1f MB/s, %.0f s left",
                    text,
                    rate / 1024,
                    Math.max(0, (total - done) / rate));
        }
    }
}
