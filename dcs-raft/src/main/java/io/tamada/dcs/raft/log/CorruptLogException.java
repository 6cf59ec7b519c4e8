package io.tamada.dcs.raft.log;

import java.io.IOException;

/// The log on disk is damaged where a crash cannot have damaged it: acknowledged entries may be
/// lost.
public final class CorruptLogException extends IOException {

    private static final long serialVersionUID = 1;

    CorruptLogException(String message) {
        super(message);
    }
}
