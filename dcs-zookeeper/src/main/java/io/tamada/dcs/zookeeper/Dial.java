package io.tamada.dcs.zookeeper;

/// What came of connecting to a session.
sealed interface Dial {

    record Connected(Line line) implements Dial {}

    /// A server answered: the session is gone.
    record Expired() implements Dial {}

    record Failed(String problem) implements Dial {}
}
