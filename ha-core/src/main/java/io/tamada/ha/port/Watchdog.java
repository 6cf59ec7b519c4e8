package io.tamada.ha.port;

import java.time.Duration;

/// Something outside this process that stops the machine or the server when this process hangs.
public interface Watchdog extends AutoCloseable {

    /// Arms it, or confirms that it is armed, for a lease of this length.
    ///
    /// @return false when a watchdog is required and can't be had
    boolean activate(Duration ttl, Duration loopWait);

    /// The lease was granted or renewed, or all others consent: nothing may be writable from this
    /// reading of the elapsed clock on. Comes from several threads, before it is armed as well.
    void keepAlive(long edgeNanos);

    /// Disarms it: nothing here is writable any more, or nobody is to interfere. Often called when
    /// nothing is armed.
    void disable();

    /// True unless a watchdog is required and can't be had.
    boolean isHealthy();

    /// The agent ends. What is armed stays armed: it was not disabled because something may still
    /// be writable.
    @Override
    void close();

    /// Two of them, each of which is told everything.
    static Watchdog both(Watchdog first, Watchdog second) {
        return new Watchdog() {
            @Override
            public boolean activate(Duration ttl, Duration loopWait) {
                boolean ok = first.activate(ttl, loopWait);
                return second.activate(ttl, loopWait) && ok;
            }

            @Override
            public void keepAlive(long edgeNanos) {
                first.keepAlive(edgeNanos);
                second.keepAlive(edgeNanos);
            }

            @Override
            public void disable() {
                first.disable();
                second.disable();
            }

            @Override
            public boolean isHealthy() {
                return first.isHealthy() && second.isHealthy();
            }

            @Override
            public void close() {
                first.close();
                second.close();
            }
        };
    }

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
