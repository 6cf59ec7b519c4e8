package io.tamada.ha.model;

import java.util.Locale;
import java.util.Optional;

/// What a member says it is.
public enum MemberRole {
    PRIMARY,
    STANDBY_LEADER,
    REPLICA,
    DEMOTED,
    PROMOTED,
    UNINITIALIZED;

    /// The word used in the member key and over REST.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Reads a role word; `master` is what old members say for `primary`.
    public static Optional<MemberRole> of(String text) {
        if (text.equals("master")) {
            return Optional.of(PRIMARY);
        }
        for (MemberRole role : values()) {
            if (role.text().equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /// True for a server that accepts writes, or is on its way out of recovery.
    public boolean isPrimary() {
        return this == PRIMARY || this == PROMOTED;
    }
}
