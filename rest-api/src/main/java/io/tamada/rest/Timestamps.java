package io.tamada.rest;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Moments as people write them and as documents show them.
final class Timestamps {

    /// A date, an optional time of day, an optional zone. `2050-01-01T12:00+02`, `20500101 1200Z`,
    /// `2050/1/1 12:00 UTC`.
    private static final Pattern MOMENT =
            Pattern.compile(
                    "(?<year>\\d{4})(?:[-/.](?<month>\\d{1,2})[-/.](?<day>\\d{1,2})"
                            + "|(?<packed>\\d{4}))"
                            + "(?:(?:\\s*[Tt]\\s*|\\s+)(?<hour>\\d{1,2})(?:(?::(?<minute>\\d{2})(?::(?<second>\\d{2}))?)"
                            + "|(?<hhmm>\\d{2})(?<ss>\\d{2})?)?(?:[.,](?<fraction>\\d{1,9}))?)?"
                            + "\\s*(?<zone>[Zz]|(?:UTC|GMT)?\\s*[+-]\\d{1,2}(?::?\\d{2})?|UTC|GMT)?");

    private static final DateTimeFormatter SPACED =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSxxx", Locale.ROOT);
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);
    private static final DateTimeFormatter ISO_FRACTION =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT);

    private Timestamps() {}

    sealed interface Parsed {
        record At(OffsetDateTime moment) implements Parsed {}

        /// It is a moment somewhere, but nobody says where.
        record WithoutZone() implements Parsed {}

        record Unreadable() implements Parsed {}
    }

    static Parsed parse(@Nullable Object text) {
        if (!(text instanceof String written)) {
            return new Parsed.Unreadable();
        }
        Matcher m = MOMENT.matcher(written.strip());
        if (!m.matches()) {
            return new Parsed.Unreadable();
        }
        try {
            LocalDateTime local =
                    LocalDate.of(
                                    number(m.group("year")),
                                    m.group("packed") == null
                                            ? number(m.group("month"))
                                            : number(m.group("packed").substring(0, 2)),
                                    m.group("packed") == null
                                            ? number(m.group("day"))
                                            : number(m.group("packed").substring(2)))
                            .atTime(
                                    number(m.group("hour")),
                                    number(either(m, "minute", "hhmm")),
                                    number(either(m, "second", "ss")),
                                    nanos(m.group("fraction")));
            String zone = m.group("zone");
            return zone == null
                    ? new Parsed.WithoutZone()
                    : new Parsed.At(local.atOffset(offset(zone)));
        } catch (DateTimeException e) {
            return new Parsed.Unreadable();
        }
    }

    private static @Nullable String either(Matcher m, String first, String second) {
        return m.group(first) != null ? m.group(first) : m.group(second);
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static int nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
    }

    private static ZoneOffset offset(String zone) {
        String digits = zone.replaceAll("[^0-9+-]", "");
        if (digits.isEmpty()) {
            return ZoneOffset.UTC;
        }
        int sign = digits.charAt(0) == '-' ? -1 : 1;
        String number = digits.substring(1);
        int hours =
                number(number.length() <= 2 ? number : number.substring(0, number.length() - 2));
        int minutes = number.length() <= 2 ? 0 : number(number.substring(number.length() - 2));
        return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
    }

    /// `2026-11-23 18:01:43.384040+00:00`.
    static String spaced(Instant at) {
        return SPACED.format(at.atOffset(ZoneOffset.UTC));
    }

    /// ISO 8601 with the offset as given; a fraction only if there is one:
    /// `2050-01-01T12:00:00+02:00`.
    static String iso(OffsetDateTime at) {
        return (at.getNano() / 1000 == 0 ? ISO : ISO_FRACTION).format(at);
    }

    static String iso(Instant at) {
        return iso(at.atOffset(ZoneOffset.UTC));
    }

    /// ISO 8601 of whatever was written, if it can be read; else the very text.
    static String isoOrAsWritten(String written) {
        return parse(written) instanceof Parsed.At(OffsetDateTime moment) ? iso(moment) : written;
    }

    /// Seconds since 1970 with six digits of fraction.
    static String epoch(Instant at) {
        return String.format(Locale.ROOT, "%d.%06d", at.getEpochSecond(), at.getNano() / 1000);
    }
}
