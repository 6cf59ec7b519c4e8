package io.tamada.ctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The process's own standard streams.
final class TerminalConsole implements Console {

    private static final String ERASE_LINE = "\r\033[2K";

    private final PrintStream out;
    private final PrintStream err;
    private @Nullable BufferedReader in;
    private boolean progressShown;

    TerminalConsole(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public synchronized void print(String text) {
        clearProgress();
        out.print(text);
        out.flush();
    }

    @Override
    public synchronized void complain(String line) {
        clearProgress();
        err.println(line);
        err.flush();
    }

    @Override
    public @Nullable String readLine() {
        try {
            return input().readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public @Nullable String readHidden() {
        java.io.Console terminal = terminal();
        if (terminal == null) {
            return readLine();
        }
        char[] typed = terminal.readPassword();
        return typed == null ? null : new String(typed);
    }

    @Override
    public String readAll() {
        return input().lines().collect(Collectors.joining("\n", "", "\n"));
    }

    @Override
    public boolean isTerminal() {
        return terminal() != null;
    }

    /// From JDK 25 on there is again no console object where there is no terminal.
    @SuppressWarnings("SystemConsoleNull")
    private static java.io.@Nullable Console terminal() {
        java.io.Console found = System.console();
        return found != null && found.isTerminal() ? found : null;
    }

    @Override
    public synchronized void progress(String text) {
        if (!isTerminal()) {
            return;
        }
        clearProgress();
        if (!text.isEmpty()) {
            err.print(text);
            err.flush();
            progressShown = true;
        }
    }

    private void clearProgress() {
        if (progressShown) {
            err.print(ERASE_LINE);
            err.flush();
            progressShown = false;
        }
    }

    private BufferedReader input() {
        if (in == null) {
            String name = System.getProperty("stdin.encoding", StandardCharsets.UTF_8.name());
            in = new BufferedReader(new InputStreamReader(System.in, Charset.forName(name)));
        }
        return in;
    }
}
