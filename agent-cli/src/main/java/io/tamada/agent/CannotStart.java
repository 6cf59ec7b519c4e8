package io.tamada.agent;

/// The agent can't be started: one line that says why and what to do.
final class CannotStart extends Exception {
    private static final long serialVersionUID = 1L;

    CannotStart(String message) {
        super(message);
    }
}
