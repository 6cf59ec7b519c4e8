package io.tamada.ctl;

import java.io.Writer;
import java.util.function.Consumer;

/// Hands what the command line parser writes to a [Console].
final class ConsoleWriter extends Writer {

    private final Consumer<String> target;
    private final StringBuilder held = new StringBuilder();

    ConsoleWriter(Consumer<String> target) {
        this.target = target;
    }

    @Override
    public void write(char[] text, int offset, int length) {
        held.append(text, offset, length);
    }

    @Override
    public void flush() {
        if (!held.isEmpty()) {
            target.accept(held.toString());
            held.setLength(0);
        }
    }

    @Override
    public void close() {
        flush();
    }
}
