package io.tamada.pg.guard;

import io.tamada.ha.policy.LeaseMargins;
import io.tamada.ha.port.Watchdog;
import io.tamada.ha.time.SystemTime;
import io.tamada.ha.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A tiny process outside the agent that stops PostgreSQL before the lease's edge, when the agent
/// was killed, is frozen or starved.
///
/// It is on duty from the agent's start on, and outlives the agent. What an earlier agent has armed
/// stays armed until this one leads, or knows that nothing here is writable.
public final class LeaseGuard implements Watchdog {

    /// Whether there is to be one.
    public enum Mode {
        OFF,
        ON,
        /// Nobody leads without it.
        REQUIRED
    }

    private static final System.Logger LOG = System.getLogger(LeaseGuard.class.getName());

    /// The immediate stop is given half of the guard's time; then follows SIGKILL.
    private static final Duration KILL = LeaseMargins.GUARD.dividedBy(2);

    private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);

    private final Mode mode;
    private final Path dataDirectory;
    private final String serverProgram;
    private final TimeSource time;
    private final Object starting = new Object();

    private volatile @Nullable GuardFile file;
    private boolean wanted;
    private boolean armed;
    private boolean edgeIsKnown;
    private long edgeNanos;

    private volatile String problem = "";
    private volatile @Nullable Process process;
    private volatile boolean closed;
    private volatile long startedNanos;

    private LeaseGuard(Mode mode, Path dataDirectory, String serverProgram, TimeSource time) {
        this.mode = mode;
        this.dataDirectory = dataDirectory;
        this.serverProgram = serverProgram;
        this.time = time;
    }

    /// Puts a guard on duty, or takes off duty what an earlier agent has left, where there is to be
    /// none.
    ///
    /// @param dataDirectory of the server; need not exist yet
    /// @param serverProgram the name of PostgreSQL's server program
    public static LeaseGuard start(
            Mode mode, Path dataDirectory, String serverProgram, TimeSource time)
            throws InterruptedException {
        LeaseGuard guard = new LeaseGuard(mode, dataDirectory, serverProgram, time);
        guard.open();
        if (mode != Mode.OFF) {
            var _ = guard.isOnDuty();
        }
        return guard;
    }

    /// Whether its program can be found.
    public static boolean isInstalled() {
        return GuardProcess.find().isPresent();
    }

    private synchronized void open() {
        Path path = GuardFile.of(dataDirectory);
        try {
            if (mode != Mode.OFF) {
                GuardFile opened = GuardFile.open(path);
                armed = opened.last().armed();
                file = opened;
            } else if (Files.exists(path)) {
                GuardFile left = GuardFile.open(path);
                left.write(false, 0, 0);
                left.succeed(time.nanos());
                left.close(false);
            }
        } catch (IOException e) {
            complain("what it has to know can't be published: " + e.getMessage());
        }
    }

    // ---- the process
    // -------------------------------------------------------------------------------------------

    /// Starts one if there is none.
    private boolean isOnDuty() throws InterruptedException {
        synchronized (starting) {
            Process now = process;
            if (now != null && now.isAlive()) {
                return true;
            }
            GuardFile published = file;
            if (closed || published == null) {
                return false;
            }
            Optional<Path> program = GuardProcess.find();
            if (!SystemTime.countsSuspend() || program.isEmpty()) {
                complain(
                        program.isEmpty()
                                ? "its program lease-guard is neither in libexec of the"
                                        + " distribution nor on the PATH"
                                : "the clock it goes by can't be read without native access"
                                        + " (--enable-native-access=ALL-UNNAMED)");
                return false;
            }
            try {
                long generation = time.nanos();
                Process started =
                        GuardProcess.start(
                                program.get(), published, generation, dataDirectory, serverProgram);
                // The new one is on duty; now the old one may go.
                published.succeed(generation);
                process = started;
                startedNanos = generation;
                var _ = started.onExit().thenRun(this::replace);
                problem = "";
                return true;
            } catch (IOException e) {
                complain(String.valueOf(e.getMessage()));
                return false;
            }
        }
    }

    /// It ended, though nobody told it to.
    private void replace() {
        if (closed) {
            return;
        }
        LOG.log(System.Logger.Level.WARNING, "The lease guard has ended: starting another one");
        Thread.ofVirtual()
                .name("lease-guard-restart")
                .start(() -> {
                    try {
                        if (time.nanos() - startedNanos < RESTART_PAUSE.toNanos()) {
                            Thread.sleep(RESTART_PAUSE);
                        }
                        var _ = isOnDuty();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private void complain(String reason) {
        if (reason.equals(problem)) {
            return;
        }
        problem = reason;
        LOG.log(
                System.Logger.Level.WARNING,
                "No lease guard: "
                        + reason
                        + ". Nothing stops PostgreSQL when this agent is killed or frozen"
                        + (mode == Mode.REQUIRED
                                ? ", so this member will not lead (lease_guard: required)"
                                : ""));
    }

    // ---- what the engine tells
    // ---------------------------------------------------------------------------------

    @Override
    public boolean activate(Duration ttl, Duration loopWait) {
        if (mode == Mode.OFF) {
            return true;
        }
        synchronized (this) {
            boolean leads = edgeIsKnown && edgeNanos - time.nanos() > 0;
            if (!armed && leads) {
                armed = true;
                publish();
            }
            // Else there is nothing to wait for before the lease is granted.
            wanted = true;
        }
        try {
            return isOnDuty() || mode != Mode.REQUIRED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return mode != Mode.REQUIRED;
        }
    }

    @Override
    public synchronized void keepAlive(long edge) {
        edgeNanos = edge;
        edgeIsKnown = true;
        armed = armed || wanted;
        if (armed) {
            publish();
        }
    }

    private void publish() {
        GuardFile published = file;
        if (published == null) {
            return;
        }
        try {
            published.write(
                    true, edgeNanos - LeaseMargins.GUARD.toNanos(), edgeNanos - KILL.toNanos());
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The lease guard can''t be told of the renewed lease: {0}",
                    e.getMessage());
        }
    }

    @Override
    public synchronized void disable() {
        wanted = false;
        GuardFile published = file;
        if (!armed || published == null) {
            return;
        }
        armed = false;
        try {
            published.write(false, 0, 0);
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The lease guard can''t be told to stand down, and is ended: {0}",
                    e.getMessage());
            Process now = process;
            if (now != null) {
                now.destroyForcibly();
            }
        }
    }

    @Override
    public boolean isHealthy() {
        Process now = process;
        return mode != Mode.REQUIRED || (now != null && now.isAlive());
    }

    /// The process stays: it ends by itself when nothing is armed and this agent is gone.
    @Override
    public synchronized void close() {
        closed = true;
        GuardFile published = file;
        if (published != null) {
            published.close(!armed);
        }
    }
}
