package io.tamada.ha.model;

/// What the `/initialize` key says about the cluster's birth.
public sealed interface Initialization {

    /// Nobody has initialised the cluster yet: a bootstrap race is open.
    record Absent() implements Initialization {}

    /// A member is bootstrapping right now (the key is there, and empty).
    record InProgress() implements Initialization {}

    /// The cluster exists and has this system identifier.
    record Done(SystemId systemId) implements Initialization {}

    /// The key holds a text that is neither empty nor a system identifier.
    record Unreadable(String text) implements Initialization {}

    /// Reads the key's text; null when the key is absent.
    static Initialization parse(@org.jspecify.annotations.Nullable String text) {
        if (text == null) {
            return new Absent();
        }
        if (text.isEmpty()) {
            return new InProgress();
        }
        return SystemId.isValid(text) ? new Done(new SystemId(text)) : new Unreadable(text);
    }
}
