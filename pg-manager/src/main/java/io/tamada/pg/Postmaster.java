package io.tamada.pg;

import io.tamada.pg.process.OsProcess;
import io.tamada.pg.process.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The server process of one data directory: found by its pid file, told apart from a stranger,
/// stopped.
final class Postmaster {

    private static final System.Logger LOG = System.getLogger(Postmaster.class.getName());
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration KILL_WAIT = Duration.ofSeconds(5);

    private final DataDirectory data;
    private final String programName;
    private @Nullable OsProcess known;

    /// The latest that was started here: it lives for a moment before its pid file is there.
    private @Nullable OsProcess started;

    /// Starts a server process.
    interface Launcher {
        /// @return null when it has ended already
        @Nullable OsProcess launch() throws IOException;
    }

    /// A living server and what it tells about itself.
    record Running(OsProcess process, PostmasterFile file) {}

    Postmaster(DataDirectory data, String programName) {
        this.data = data;
        this.programName = programName;
    }

    /// The living server; null when there is none.
    synchronized @Nullable Running find() {
        PostmasterFile file = PostmasterFile.read(data.root());
        if (file == null || file.pid() < 0) {
            known = null;
            return null;
        }
        OsProcess process = known;
        if (process != null && process.pid() == file.pid() && process.isAlive()) {
            return new Running(process, file);
        }
        process = OsProcess.of(file.pid());
        if (process == null || !isPostmaster(process.pid(), file)) {
            known = null;
            return null;
        }
        known = process;
        return new Running(process, file);
    }

    /// Starts the server. Whoever looks for orphans meanwhile doesn't take it for one.
    ///
    /// @return null when it has ended already
    synchronized @Nullable OsProcess launch(Launcher launcher) throws IOException {
        started = launcher.launch();
        known = started;
        return started;
    }

    /// The number that a stale pid file names: a stranger may have it by now, or a dead process
    /// that nobody has buried. PostgreSQL has to be told to overlook it, and still refuses to start
    /// while the shared memory is in use.
    @Nullable Long staleNumber() {
        PostmasterFile file = PostmasterFile.read(data.root());
        return file != null && file.pid() > 0 && find() == null ? file.pid() : null;
    }

    /// Ends what a dead postmaster has left: its sessions could still finish a command, and
    /// acknowledge it.
    ///
    /// @return true when nothing of it lives
    boolean killOrphans() {
        List<OsProcess> orphans;
        synchronized (this) {
            OsProcess starting = started;
            if ((starting != null && starting.isAlive()) || find() != null) {
                return true;
            }
            orphans = family();
        }
        orphans.forEach(process -> process.signal(Signal.KILL));
        return awaitGone(orphans, KILL_WAIT);
    }

    /// True when the data is used by a server in single-user mode.
    boolean isSingleUser() {
        PostmasterFile file = PostmasterFile.read(data.root());
        return file != null && file.pid() < 0 && OsProcess.of(-file.pid()) != null;
    }

    private boolean isPostmaster(long pid, PostmasterFile file) {
        ProcessHandle self = ProcessHandle.current();
        boolean family = pid == self.pid() || self.parent().map(p -> p.pid() == pid).orElse(false);
        if (family) {
            return false;
        }
        Instant started = ProcessHandle.of(pid).flatMap(h -> h.info().startInstant()).orElse(null);
        if (started != null && Math.abs(started.getEpochSecond() - file.startSeconds()) < 3) {
            return true;
        }
        Path program = OsProcess.executable(pid);
        if (program == null) {
            return false;
        }
        String name = program.getFileName().toString().replace(" (deleted)", "");
        if (!name.equals(programName) && !name.equals("postgres") && !name.equals("postmaster")) {
            return false;
        }
        Path directory = OsProcess.workingDirectory(pid);
        if (directory == null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Can''t see where process {0} works: taking it for the postmaster",
                    Long.toString(pid));
            return true;
        }
        return directory.equals(real());
    }

    private Path real() {
        try {
            return data.root().toRealPath();
        } catch (IOException e) {
            return data.root();
        }
    }

    boolean signal(Signal signal) {
        Running running = find();
        return running != null && running.process().signal(signal);
    }

    /// Every server process of this data directory, orphans of a killed postmaster among them.
    List<OsProcess> family() {
        Set<OsProcess> all = new HashSet<>(OsProcess.workingIn(real(), programName));
        Running running = find();
        if (running != null) {
            all.add(running.process());
            all.addAll(running.process().children());
        }
        return List.copyOf(all);
    }

    /// Kills the server and its children by force.
    ///
    /// @return true when none of them lives any more
    boolean kill() {
        Running running = find();
        if (running != null) {
            // Stopped first, so that it can't make new children meanwhile.
            running.process().signal(Signal.STOP);
        }
        List<OsProcess> all = family();
        if (running != null) {
            running.process().signal(Signal.KILL);
        }
        all.forEach(process -> process.signal(Signal.KILL));
        return awaitGone(all, KILL_WAIT) && find() == null;
    }

    /// Stops it at once: asked first, by force after `patience`.
    ///
    /// @return true when it is certain that no process of this data directory lives
    boolean fence(Duration patience) {
        List<OsProcess> all = family();
        if (all.isEmpty()) {
            return find() == null;
        }
        signal(Signal.QUIT);
        return (awaitGone(all, patience) && family().isEmpty()) || kill();
    }

    /// Waits in the face of interrupts: fencing is not given up.
    private static boolean awaitGone(List<OsProcess> processes, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        try {
            while (processes.stream().anyMatch(OsProcess::isAlive)) {
                if (System.nanoTime() - end >= 0) {
                    return false;
                }
                try {
                    Thread.sleep(POLL);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
