package io.tamada.ctl;

import io.tamada.ha.model.MemberStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Requests to the REST API of members.
interface MemberApi {

    /// Sends a request and waits for the answer, at most `timeout`.
    ///
    /// @param path replaces the path of the member's address; null asks the address itself
    /// @param body a tree to be sent as JSON; null for none
    RestReply call(
            MemberStatus member,
            String method,
            @Nullable String path,
            @Nullable Object body,
            Duration timeout);

    /// For answers that take no work.
    Duration SHORT = Duration.ofSeconds(10);

    default RestReply get(MemberStatus member, @Nullable String path) {
        return call(member, "GET", path, null, SHORT);
    }
}
