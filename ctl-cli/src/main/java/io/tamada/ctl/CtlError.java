package io.tamada.ctl;

/// Ends a command: one line for the operator, which says what is wrong and what to try, and exit
/// code 1.
final class CtlError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CtlError(String message) {
        super(message);
    }

    /// The input ended where an answer was asked for.
    static final class Aborted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
