package io.tamada.ha.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A restart of one member at a given time.
///
/// @param filter what must hold for it to happen
/// @param at when
/// @param postmasterStart the server's start time when it was scheduled: another one cancels it
public record ScheduledRestart(
        RestartFilter filter, Instant at, @Nullable Instant postmasterStart) {}
