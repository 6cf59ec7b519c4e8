package io.tamada.ha.model;

/// How a member's name becomes the name of its replication slot.
public final class SlotNames {

    private SlotNames() {}

    /// Lower case; `-` and `.` become `_`; anything else outside `[a-z0-9_]` becomes `u` and its
    /// code point in at least four digits; cut to 63 characters. Patroni members name slots in the
    /// same way, so this must not change.
    public static String of(MemberName member) {
        StringBuilder slot = new StringBuilder();
        member.value()
                .toLowerCase(java.util.Locale.ROOT)
                .codePoints()
                .forEach(c -> {
                    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_') {
                        slot.appendCodePoint(c);
                    } else if (c == '-' || c == '.') {
                        slot.append('_');
                    } else {
                        slot.append(String.format(java.util.Locale.ROOT, "u%04d", c));
                    }
                });
        return slot.length() > 63 ? slot.substring(0, 63) : slot.toString();
    }
}
