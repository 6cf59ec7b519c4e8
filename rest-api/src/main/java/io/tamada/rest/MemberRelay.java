package io.tamada.rest;

import io.tamada.ha.model.Peer;
import io.tamada.ha.time.Deadline;
import org.jspecify.annotations.Nullable;

/// Passes a request on to another member, as this member: with its credentials and certificates.
///
/// A console that is served by one member commands the others this way, without their addresses
/// having to be reachable from the browser.
public interface MemberRelay {

    /// Sends and waits for the whole answer, until the deadline.
    ///
    /// @param path replaces the path of the peer's URL
    /// @param body JSON; null for none
    Reply forward(Peer to, String method, String path, @Nullable String body, Deadline by)
            throws InterruptedException;

    /// What came of it.
    sealed interface Reply {

        /// The member answered, whatever it said.
        record Answered(int status, String contentType, String text) implements Reply {}

        /// Nobody knows whether it did what it was asked to.
        record Silent(String problem) implements Reply {}
    }
}
