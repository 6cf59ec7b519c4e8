package io.tamada.pg;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL version as `server_version_num` counts it: 90624 is 9.6.24, 150018 is 15.18.
///
/// @param number 0 when unknown
record PgVersion(int number) implements Comparable<PgVersion> {

    static final PgVersion UNKNOWN = new PgVersion(0);

    private static final Pattern NUMBERS = Pattern.compile("(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?");

    /// Reads `15`, `9.6`, `15.18`, `postgres (PostgreSQL) 15.18 (Debian …)`, `17beta1`.
    static PgVersion parse(@Nullable String text) {
        Matcher m = NUMBERS.matcher(text == null ? "" : text);
        if (!m.find()) {
            return UNKNOWN;
        }
        int first = Integer.parseInt(m.group(1));
        int second = m.group(2) == null ? 0 : Integer.parseInt(m.group(2));
        int third = m.group(3) == null ? 0 : Integer.parseInt(m.group(3));
        return new PgVersion(
                first >= 10 ? first * 10000 + second : first * 10000 + second * 100 + third);
    }

    /// 9.6 is 906, 15 is 1500: equal for servers that can share a data directory.
    int major() {
        return number >= 100_000 ? number / 10_000 * 100 : number / 100;
    }

    String majorText() {
        return number >= 100_000
                ? Integer.toString(number / 10_000)
                : number / 10_000 + "." + number / 100 % 100;
    }

    boolean isKnown() {
        return number > 0;
    }

    /// @param version as `server_version_num` counts it
    boolean atLeast(int version) {
        return number >= version;
    }

    @Override
    public int compareTo(PgVersion other) {
        return Integer.compare(number, other.number);
    }
}
