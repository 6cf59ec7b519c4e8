package io.tamada.ha.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Conditions of a restart, all of which must hold, and its time limit.
///
/// @param role only while the member has this role
/// @param belowVersion only while the server's version is lower, for instance `15.4`
/// @param onlyPending only when settings wait for a restart
/// @param timeout replaces `primary_start_timeout` for this start
public record RestartFilter(
        @Nullable MemberRole role,
        @Nullable String belowVersion,
        boolean onlyPending,
        @Nullable Duration timeout) {

    public static final RestartFilter NONE = new RestartFilter(null, null, false, null);
}
