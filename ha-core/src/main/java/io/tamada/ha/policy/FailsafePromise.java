package io.tamada.ha.policy;

import io.tamada.ha.port.PeerClient.FailsafePing;

/// We told a primary that it may go on without the store.
///
/// @param atNanos when, on our clock; the promise runs for one ttl
public record FailsafePromise(FailsafePing ping, long atNanos) {}
