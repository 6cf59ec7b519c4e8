package io.tamada.ctl;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Questions to the operator, in the form that scripts wait for: `<label> [<default>]: ` and
/// `<question> [y/N]: `.
record Dialogue(Console console) {

    /// Unintelligible answers are asked for again, at most this often.
    private static final int TRIES_MAX = 100;

    /// Asks for a text. An empty answer takes the default; without a default the question is
    /// repeated.
    String ask(String label, @Nullable String byDefault) {
        for (int i = 0; i < TRIES_MAX; i++) {
            console.print(byDefault == null ? label + ": " : label + " [" + byDefault + "]: ");
            String answer = answered(console.readLine());
            if (!answer.isEmpty()) {
                return answer;
            }
            if (byDefault != null) {
                return byDefault;
            }
        }
        throw new CtlError.Aborted();
    }

    /// Asks yes or no; an empty answer is no.
    boolean confirm(String question) {
        for (int i = 0; i < TRIES_MAX; i++) {
            console.print(question + " [y/N]: ");
            switch (answered(console.readLine()).toLowerCase(Locale.ROOT)) {
                case "y", "yes", "t", "true", "1", "on" -> {
                    return true;
                }
                case "n", "no", "f", "false", "0", "off", "" -> {
                    return false;
                }
                default -> console.line("Error: invalid input");
            }
        }
        throw new CtlError.Aborted();
    }

    /// Asks for a text that is not shown.
    String askHidden(String label) {
        console.print(label + ": ");
        return answered(console.readHidden());
    }

    private static String answered(@Nullable String line) {
        if (line == null) {
            throw new CtlError.Aborted();
        }
        return line.strip();
    }
}
