package io.tamada.ha.port;

/// Starts threads. A port, so that a simulation can run them one at a time under its own clock.
@FunctionalInterface
public interface Threads {

    /// Starts a daemon thread.
    Running start(String name, Runnable body);

    /// A started thread.
    interface Running {
        void interrupt();

        boolean isAlive();

        /// Waits until it has ended or the time is over.
        boolean join(java.time.Duration atMost) throws InterruptedException;
    }

    /// Virtual threads of this JVM.
    static Threads virtual() {
        return (name, body) -> {
            Thread thread = Thread.ofVirtual().name(name).start(body);
            return new Running() {
                @Override
                public void interrupt() {
                    thread.interrupt();
                }

                @Override
                public boolean isAlive() {
                    return thread.isAlive();
                }

                @Override
                public boolean join(java.time.Duration atMost) throws InterruptedException {
                    return thread.join(atMost);
                }
            };
        };
    }
}
