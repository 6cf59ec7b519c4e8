package io.tamada.ha.model;

/// PostgreSQL's system identifier, made by `initdb`: equal on all members of one cluster.
///
/// @param value at least ten decimal digits
public record SystemId(String value) {

    public SystemId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "system identifier: '" + value + "' is not at least ten digits");
        }
    }

    public static boolean isValid(String text) {
        return text.length() >= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    @Override
    public String toString() {
        return value;
    }
}
