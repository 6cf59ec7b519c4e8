package io.tamada.pg.guard;

import io.tamada.ha.port.Watchdog;
import io.tamada.ha.time.TimeSource;
import io.tamada.pg.guard.WatchdogSettings.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The watchdog device of the machine, which resets it when a leader doesn't renew its lease.
///
/// It is told to count anew when the lease was granted or renewed, and only if it then still fires
/// before the lease's edge: where an answer of the store was that late, its time is made shorter.
public final class MachineWatchdog implements Watchdog {

    private static final System.Logger LOG = System.getLogger(MachineWatchdog.class.getName());

    /// What the kernel's interface takes.
    private static final int TIMEOUT_MAX = 65_534;

    /// How long a device that exists and could not be used is thought to be unusable.
    private static final Duration UNUSABLE = Duration.ofSeconds(60);

    private final TimeSource time;

    private WatchdogSettings settings;
    private WatchdogSettings inUse;
    private @Nullable WatchdogDevice device;
    private Duration ttl = Duration.ZERO;
    private Duration loopWait = Duration.ZERO;
    private int counting;
    private boolean tooLong;
    private boolean edgeIsKnown;
    private long edgeNanos;
    private boolean failed;
    private long failedAtNanos;
    private String problem = "";

    public MachineWatchdog(WatchdogSettings settings, TimeSource time) {
        this.settings = settings;
        this.inUse = settings;
        this.time = time;
    }

    /// Other settings; a watchdog that is armed takes them with the next keepalive.
    public synchronized void reload(WatchdogSettings changed) {
        settings = changed;
        failed = false;
        problem = "";
    }

    @Override
    public synchronized boolean activate(Duration newTtl, Duration newLoopWait) {
        ttl = newTtl;
        loopWait = newLoopWait;
        if (device == null && settings.mode() != Mode.OFF && !isThoughtUnusable()) {
            arm();
        }
        return device != null || settings.mode() != Mode.REQUIRED;
    }

    private void arm() {
        try {
            int wanted = wanted();
            WatchdogDevice opened = WatchdogDevice.open(settings.driver(), settings.device());
            inUse = settings;
            device = opened;
            counting = 0;
            prepare(opened, wanted);
            feed(opened, wanted);
            failed = false;
            problem = "";
            LOG.log(
                    System.Logger.Level.INFO,
                    "The watchdog " + settings.device() + " is armed, with " + counting + " s");
        } catch (IOException e) {
            give(String.valueOf(e.getMessage()));
        }
    }

    /// How many seconds it is to have.
    private int wanted() throws IOException {
        Duration timeout = settings.timeout(ttl);
        if (timeout.toSeconds() < 1 || timeout.compareTo(loopWait) < 0) {
            throw new IOException(
                    "with ttl "
                            + ttl.toSeconds()
                            + " and watchdog.safety_margin "
                            + settings.safetyMarginSeconds()
                            + " it would fire after "
                            + timeout.toSeconds()
                            + " s, which is less than loop_wait "
                            + loopWait.toSeconds());
        }
        return (int) Math.min(TIMEOUT_MAX, timeout.toSeconds());
    }

    private void prepare(WatchdogDevice opened, int wanted) throws IOException {
        if (opened.canSetTimeout()) {
            opened.setTimeout(wanted);
        }
        counting = opened.timeout();
        if (counting < Math.max(1, loopWait.toSeconds())) {
            throw new IOException(
                    "it fires after " + counting + " s, which is less than loop_wait");
        }
        tooLong = counting > wanted;
        if (tooLong) {
            String text =
                    "it fires after "
                            + counting
                            + " s and not after "
                            + wanted
                            + " s, which is later than the lease allows";
            if (settings.mode() == Mode.REQUIRED) {
                throw new IOException(text);
            }
            LOG.log(System.Logger.Level.WARNING, "The watchdog {0}: {1}", settings.device(), text);
        }
    }

    /// Gives it up, for a reason.
    private void give(String reason) {
        disarm();
        failed = true;
        failedAtNanos = time.nanos();
        if (reason.equals(problem)) {
            return;
        }
        problem = reason;
        boolean required = settings.mode() == Mode.REQUIRED;
        LOG.log(
                required ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
                "No watchdog "
                        + settings.device()
                        + ": "
                        + reason
                        + (required
                                ? ". This member will not lead without it (watchdog.mode: required)"
                                : ""));
    }

    private boolean isThoughtUnusable() {
        return failed && time.nanos() - failedAtNanos < UNUSABLE.toNanos();
    }

    @Override
    public synchronized void keepAlive(long edge) {
        edgeNanos = edge;
        edgeIsKnown = true;
        if (device == null) {
            return;
        }
        if (!settings.equals(inUse)) {
            takeSettings();
        }
        WatchdogDevice armed = device;
        if (armed != null) {
            int wanted;
            try {
                wanted = wanted();
            } catch (IOException e) {
                give(String.valueOf(e.getMessage()));
                return;
            }
            try {
                feed(armed, wanted);
            } catch (IOException e) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "The watchdog {0} can''t be told that the lease was renewed: {1}",
                        inUse.device(),
                        e.getMessage());
            }
        }
    }

    private void takeSettings() {
        boolean same =
                settings.driver() == inUse.driver() && settings.device().equals(inUse.device());
        if (settings.mode() == Mode.OFF || !same) {
            disarm();
        }
        inUse = settings;
        if (device == null && settings.mode() != Mode.OFF) {
            arm();
        }
    }

    /// Lets it count anew, and never beyond the edge of the lease that is held.
    private void feed(WatchdogDevice armed, int wanted) throws IOException {
        long room = (edgeNanos - time.nanos()) / 1_000_000_000L;
        boolean leads = edgeIsKnown && edgeNanos - time.nanos() > 0;
        int due = leads ? (int) Math.min(wanted, room) : wanted;
        if (due < 1) {
            return;
        }
        if (armed.canSetTimeout()) {
            if (counting != due) {
                armed.setTimeout(due);
                counting = armed.timeout();
            }
        } else if (counting > due && !tooLong) {
            return;
        }
        armed.keepAlive();
    }

    @Override
    public synchronized void disable() {
        disarm();
    }

    private void disarm() {
        WatchdogDevice armed = device;
        device = null;
        if (armed == null) {
            return;
        }
        try {
            if (!armed.disarm()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The watchdog {0} can''t be disarmed: the machine is reset unless something"
                                + " else takes it over",
                        inUse.device());
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The watchdog {0} was not disarmed: {1}",
                    inUse.device(),
                    e.getMessage());
        }
    }

    @Override
    public synchronized boolean isHealthy() {
        return settings.mode() != Mode.REQUIRED
                || device != null
                || (Files.isWritable(settings.device()) && !isThoughtUnusable());
    }

    @Override
    public synchronized void close() {
        WatchdogDevice armed = device;
        device = null;
        if (armed != null) {
            armed.abandon();
        }
    }
}
