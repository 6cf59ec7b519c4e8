package io.tamada.rest;

/// The program that a member runs in, as far as its REST interface has to do with it.
@FunctionalInterface
public interface HostProgram {

    /// Reads the configuration again. Must return at once.
    void reload();

    /// How many records of the log wait to be written.
    default int logQueueSize() {
        return 0;
    }

    /// How many records of the log were dropped since the start, because too many waited.
    default long logRecordsLost() {
        return 0;
    }
}
