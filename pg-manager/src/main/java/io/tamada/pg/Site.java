package io.tamada.pg;

import io.tamada.pg.process.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One server on this machine: its settings and what follows from them. Replaced as a whole when
/// the settings change.
final class Site {

    static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(3);

    final PostgresSettings settings;
    final DataDirectory data;
    final CommandRunner runner;
    final Binaries binaries;
    final ControlFile control;
    final Postmaster postmaster;
    final ConfigFiles files;
    final ParameterTrial trial;

    Site(PostgresSettings settings, CommandRunner runner) {
        this.settings = settings;
        this.runner = runner;
        data = new DataDirectory(settings.dataDir);
        binaries = new Binaries(settings);
        trial = new ParameterTrial(binaries, runner);
        control = new ControlFile(data, binaries, runner);
        postmaster = new Postmaster(data, binaries.name("postgres"));
        files = new ConfigFiles(settings, data);
    }

    /// The version whose rules count: that of the programs if they fit the data, else that of the
    /// data.
    PgVersion version() throws InterruptedException {
        PgVersion installed = binaries.version(runner);
        PgVersion ofData = data.version();
        return !ofData.isKnown() || installed.major() == ofData.major() ? installed : ofData;
    }

    /// Null when the server can be started here, else what to do about it.
    @Nullable String obstacle() throws InterruptedException {
        if (runsAsRoot()) {
            return "PostgreSQL can't run as root: start the agent as the user that owns the data directory";
        }
        String missing = binaries.missing("postgres");
        if (missing == null) {
            missing = binaries.missing("pg_controldata");
        }
        if (missing != null) {
            return missing;
        }
        PgVersion installed = binaries.version(runner);
        PgVersion ofData = data.version();
        if (ofData.isKnown() && installed.isKnown() && installed.major() != ofData.major()) {
            return "the data directory "
                    + data.root()
                    + " is of PostgreSQL "
                    + ofData.majorText()
                    + ", but the programs are of "
                    + installed.majorText()
                    + ": set postgresql.bin_dir to those of "
                    + ofData.majorText()
                    + " or upgrade the data";
        }
        return null;
    }

    /// Null when the data directory can be written, or made; else what to do about it.
    @Nullable String unwritable() {
        Path directory = data.root();
        if (Files.exists(directory)) {
            return Files.isWritable(directory) ? null : "data directory " + directory + notOurs();
        }
        Path parent = directory.getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        return parent != null && Files.isWritable(parent)
                ? null
                : "data directory " + directory + " can't be made: " + parent + notOurs();
    }

    private static String notOurs() {
        return " is not writable for user "
                + System.getProperty("user.name")
                + ": change its owner";
    }

    private static boolean runsAsRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    /// How to reach the local server, as it listens right now.
    Sql.Target local() {
        return target(localAddress(settings.useUnixSocket), settings.superuser, settings.database);
    }

    /// The running server's address; the configured one may wait for a restart.
    ServerAddress localAddress(boolean overSocket) {
        PostmasterFile file = PostmasterFile.read(data.root());
        String port =
                file == null || file.port() == 0
                        ? settings.listen.port()
                        : Integer.toString(file.port());
        if (overSocket && file != null && file.socketDirectory().startsWith("/")) {
            return new ServerAddress(file.socketDirectory(), port);
        }
        if (file != null
                && file.port() != 0
                && file.listenAddress().isEmpty()
                && !file.status().isEmpty()
                && file.socketDirectory().startsWith("/")) {
            return new ServerAddress(file.socketDirectory(), port);
        }
        String listens =
                file == null || file.listenAddress().isEmpty()
                        ? settings.listen.host()
                        : file.listenAddress();
        return new ServerAddress(LocalAddress.reachable(listens), port);
    }

    /// How to reach another server.
    Sql.Target target(ServerAddress address, Credentials role, String database) {
        return new Sql.Target(
                address,
                database,
                role,
                "Tamada " + settings.name,
                Sql.Replication.NO,
                false,
                ANSWER_TIMEOUT,
                STATEMENT_TIMEOUT);
    }

    /// Where the server's own output goes until it has its log files.
    Path serverLog() {
        if (settings.serverLog != null) {
            return settings.serverLog;
        }
        Path sibling = data.root().resolveSibling(data.root().getFileName() + ".log");
        boolean usable =
                Files.exists(sibling)
                        ? Files.isWritable(sibling) && Files.isRegularFile(sibling)
                        : Files.isWritable(sibling.toAbsolutePath().getParent());
        return usable ? sibling : data.file("postmaster.log");
    }
}
