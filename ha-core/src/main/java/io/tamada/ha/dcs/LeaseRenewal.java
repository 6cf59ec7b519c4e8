package io.tamada.ha.dcs;

import java.time.Duration;

/// Asks for more time on a lease that is held.
///
/// @param held the last receipt
/// @param ttl may differ from before: a changed setting takes effect with a renewal
public record LeaseRenewal(LeaseGrant held, Duration ttl) {}
