package io.tamada.ha.model;

/// A store's version token of one key. Opaque: only equality means something, and only within one
/// store.
public record Revision(String value) {

    public static Revision of(long value) {
        return new Revision(Long.toString(value));
    }

    @Override
    public String toString() {
        return value;
    }
}
