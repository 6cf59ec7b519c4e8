package io.tamada.agent.log;

import java.io.PrintStream;

/// Lines to a stream that others own, such as stderr.
record StreamSink(PrintStream out) implements LogSink {

    @Override
    public void write(String line) {
        out.print(line);
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }
}
