package io.tamada.pg;

import io.tamada.ha.model.MemberRole;
import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandRunner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs the user's commands when something happened to the server; nobody waits for them.
///
/// A new one ends the one that runs and takes its place, and of those that wait only the newest is
/// run; `on_reload` has a place of its own and disturbs nobody else.
final class Callbacks {

    private static final System.Logger LOG = System.getLogger(Callbacks.class.getName());

    enum Event {
        ON_START,
        ON_STOP,
        ON_RESTART,
        ON_RELOAD,
        ON_ROLE_CHANGE;

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final CommandRunner runner;
    private final Place ordinary = new Place();
    private final Place reloads = new Place();

    Callbacks(CommandRunner runner) {
        this.runner = runner;
    }

    void call(PostgresSettings settings, Event event, MemberRole role) {
        String configured = settings.callbacks.get(event.text());
        if (configured == null || configured.isBlank()) {
            return;
        }
        List<String> argv;
        try {
            argv = new ArrayList<>(ShellWords.split(configured));
        } catch (IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "postgresql.callbacks.{0}: {1}",
                    event.text(),
                    e.getMessage());
            return;
        }
        argv.add(event.text());
        argv.add(role == MemberRole.PROMOTED ? MemberRole.PRIMARY.text() : role.text());
        argv.add(settings.scope);
        (event == Event.ON_RELOAD ? reloads : ordinary).put(Command.of(argv), event);
    }

    /// Room for one running command and one that waits for its end.
    private final class Place {
        private @Nullable Process running;
        private @Nullable Command waiting;
        private boolean busy;

        synchronized void put(Command command, Event event) {
            waiting = command;
            killRunning();
            if (!busy) {
                busy = true;
                Thread.ofVirtual().name("callback-" + event.text()).start(this::runAll);
            }
        }

        private void killRunning() {
            if (running != null) {
                CommandRunner.killTree(running.toHandle());
            }
        }

        private void runAll() {
            for (Process process = next(); process != null; process = next()) {
                try {
                    int code = process.waitFor();
                    if (code != 0) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "A callback ended with exit code {0}",
                                code);
                    }
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        private synchronized @Nullable Process next() {
            running = null;
            while (waiting != null) {
                Command command = waiting;
                waiting = null;
                try {
                    running = runner.startSilently(command);
                    return running;
                } catch (IOException e) {
                    LOG.log(
                            System.Logger.Level.ERROR,
                            "The callback {0} can''t be started: {1}",
                            command.program(),
                            e.getMessage());
                }
            }
            busy = false;
            return null;
        }
    }
}
