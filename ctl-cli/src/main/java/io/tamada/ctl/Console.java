package io.tamada.ctl;

import org.jspecify.annotations.Nullable;

/// Where the tool reads and writes: a seam, so that tests drive every dialogue.
interface Console {

    /// Writes to standard output, as it is.
    void print(String text);

    /// Writes a line to standard error.
    void complain(String line);

    /// The next line of standard input without its end; null when there is none.
    @Nullable String readLine();

    /// Like [#readLine()], without showing what is typed where there is a terminal.
    @Nullable String readHidden();

    /// All of the rest of standard input.
    String readAll();

    /// True when standard output is seen by a person: colours, clearing and progress make sense.
    boolean isTerminal();

    /// A word on how long something takes, in place of the last such word; empty text removes it.
    /// Shown only to a person, never part of the output.
    void progress(String text);

    default void line(String text) {
        print(text + "\n");
    }
}
