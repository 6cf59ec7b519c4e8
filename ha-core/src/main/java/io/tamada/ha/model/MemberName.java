package io.tamada.ha.model;

/// The name of a member: unique in its cluster, also its `application_name` in streaming
/// replication.
///
/// @param value the name as configured; neither blank nor the placeholder that strict synchronous
///   mode reserves
public record MemberName(String value) implements Comparable<MemberName> {

    /// Stands in `synchronous_standby_names` where strict synchronous mode has no standby to name.
    public static final String RESERVED = "__patroni_strict_sync_replica_placeholder__";

    public MemberName {
        if (value.isBlank()) {
            throw new IllegalArgumentException("name: a member's name must not be blank");
        }
        if (value.equals(RESERVED)) {
            throw new IllegalArgumentException(
                    "name: '" + RESERVED + "' is reserved for strict synchronous mode");
        }
    }

    public static MemberName of(String value) {
        return new MemberName(value);
    }

    /// Synchronous replication compares names without regard to case, as PostgreSQL does.
    public boolean sameStandby(MemberName other) {
        return value.equalsIgnoreCase(other.value);
    }

    @Override
    public int compareTo(MemberName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
