package io.tamada.ha.port;

/// What came of an order.
public sealed interface OrderResult {

    record Done() implements OrderResult {}

    /// It takes a restart.
    record NeedsRestart(String why) implements OrderResult {}

    record Failed(String problem) implements OrderResult {}

    OrderResult DONE = new Done();
}
