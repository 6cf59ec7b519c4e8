package io.tamada.agent.log;

/// Where lines go. Used by one thread.
interface LogSink extends AutoCloseable {

    /// Writes a line; what can't be written is lost, for a log must not stop its program.
    void write(String line);

    void flush();

    @Override
    void close();
}
