package io.tamada.ha.model;

import java.util.Locale;

/// A position in the write-ahead log, as an absolute byte offset.
///
/// Positions on different timelines can't be compared by offset alone; see [TimelineHistory].
public record Lsn(long value) implements Comparable<Lsn> {

    public static final Lsn ZERO = new Lsn(0);

    public Lsn {
        if (value < 0) {
            throw new IllegalArgumentException("lsn: " + value + " is negative");
        }
    }

    public static Lsn of(long value) {
        return value == 0 ? ZERO : new Lsn(value);
    }

    /// Reads PostgreSQL's text form, two hexadecimal numbers with a slash: `16/B374D848`.
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        try {
            long high = Long.parseLong(text, 0, slash, 16);
            long low = Long.parseLong(text, slash + 1, text.length(), 16);
            return of((high << 32) + low);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "lsn: '" + text + "' is not of the form 0/3000060", e);
        }
    }

    /// Bytes from `other` to this position; negative when this one is behind.
    public long minus(Lsn other) {
        return value - other.value;
    }

    public Lsn plus(long bytes) {
        return of(value + bytes);
    }

    public boolean isAfter(Lsn other) {
        return value > other.value;
    }

    public boolean isBefore(Lsn other) {
        return value < other.value;
    }

    public boolean isZero() {
        return value == 0;
    }

    public static Lsn max(Lsn a, Lsn b) {
        return a.value >= b.value ? a : b;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return hexadecimal(value >>> 32) + "/" + hexadecimal(value & 0xFFFF_FFFFL);
    }

    private static String hexadecimal(long part) {
        return Long.toHexString(part).toUpperCase(Locale.ROOT);
    }
}
