package io.tamada.dcs.raft.wire;

import java.io.IOException;

/// The other side does not know the group's password, or speaks something else altogether.
public final class WrongPasswordException extends IOException {

    private static final long serialVersionUID = 1;

    WrongPasswordException(String message) {
        super(message);
    }
}
