package io.tamada.ha.policy;

import io.tamada.ha.OperatorRequest;

/// An operator's request that waits for an answer.
public record PendingRequest(long id, OperatorRequest request) {}
