package io.tamada.ha.port;

import java.time.Duration;

/// Something outside this process that stops the machine or the server when this process hangs.
public interface Watchdog extends AutoCloseable {

    /// Arms it, or confirms that it is armed, for a lease of this length.
    ///
    /// @return false when a watchdog is required and can't be had
    boolean activate(Duration ttl, Duration loopWait);

    /// The lease was renewed: its edge moved to this reading of the elapsed clock.
    void keepAlive(long edgeNanos);

    /// Disarms it: nothing here is writable any more, or nobody is to interfere.
    void disable();

    /// True unless a watchdog is required and can't be had.
    boolean isHealthy();

    @Override
    void close();

    /// No watchdog at all.
    Watchdog NONE =
            new Watchdog() {
                @Override
                public boolean activate(Duration ttl, Duration loopWait) {
                    return true;
                }

                @Override
                public void keepAlive(long edgeNanos) {}

                @Override
                public void disable() {}

                @Override
                public boolean isHealthy() {
                    return true;
                }

                @Override
                public void close() {}
            };
}
