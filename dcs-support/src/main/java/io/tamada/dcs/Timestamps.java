package io.tamada.dcs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Moments as Patroni and its users write them.
public final class Timestamps {

    private static final String TIME =
            "(?<hour>\\d{1,2}):?(?<minute>\\d{2})(?::?(?<second>\\d{2})(?:[.,](?<fraction>\\d{1,9})\\d*)?)?"
                    + "\\s*(?<half>[aApP]\\.?[mM]\\.?)?";
    private static final String ZONE =
            "\\s*(?<zone>[zZ]|UTC|GMT|utc|gmt|(?:UTC|GMT)?[-+]\\d{2}(?::?\\d{2})?)?";

    /// `2026-11-23T18:03:47.198008+00:00` and its relatives: compact, with a space, with slashes.
    private static final Pattern YEAR_FIRST =
            Pattern.compile(
                    "(?<year>\\d{4})[-/.]?(?<month>\\d{2})[-/.]?(?<day>\\d{2})(?:[Tt]|\\s+|\\s*,\\s*)"
                            + TIME
                            + ZONE);

    /// `23 Nov 2026 18:03 +0000`, also with a weekday before it.
    private static final Pattern DAY_FIRST =
            Pattern.compile(
                    "(?:\\p{Alpha}+,?\\s+)?(?<day>\\d{1,2})[- ](?<month>\\p{Alpha}{3,9})\\.?[- ,]\\s*(?<year>\\d{4}),?\\s+"
                            + TIME
                            + ZONE);

    /// `Nov 23, 2026 6:03 PM UTC`.
    private static final Pattern MONTH_FIRST =
            Pattern.compile(
                    "(?:\\p{Alpha}+,?\\s+)?(?<month>\\p{Alpha}{3,9})\\.?\\s+(?<day>\\d{1,2}),?\\s+(?<year>\\d{4}),?\\s+"
                            + TIME
                            + ZONE);

    private static final Map<String, Integer> MONTHS =
            Map.ofEntries(
                    Map.entry("jan", 1),
                    Map.entry("feb", 2),
                    Map.entry("mar", 3),
                    Map.entry("apr", 4),
                    Map.entry("may", 5),
                    Map.entry("jun", 6),
                    Map.entry("jul", 7),
                    Map.entry("aug", 8),
                    Map.entry("sep", 9),
                    Map.entry("oct", 10),
                    Map.entry("nov", 11),
                    Map.entry("dec", 12));

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT);

    private Timestamps() {}

    /// Reads a moment in one of the common forms. Empty when it can't be understood, or when it
    /// names no time zone: a guess could be hours off.
    public static Optional<Instant> parse(String text) {
        return match(text).flatMap(Timestamps::instant);
    }

    /// True for a moment that could be understood if only it named its time zone.
    public static boolean lacksZone(String text) {
        return match(text).map(m -> m.group("zone") == null).orElse(false);
    }

    /// ISO 8601 in UTC as Python prints it: `2026-11-23T18:03:47.198008+00:00`, without a fraction
    /// that is zero.
    public static String iso(Instant moment) {
        OffsetDateTime utc = moment.atOffset(ZoneOffset.UTC);
        return (utc.getNano() / 1000 == 0 ? SECONDS : MICROS).format(utc) + "+00:00";
    }

    /// The form of `postmaster_start_time`: `2026-11-23 18:01:43.384040+00:00`, without a fraction
    /// that is zero.
    public static String sql(Instant moment) {
        return iso(moment).replace('T', ' ');
    }

    private static Optional<Matcher> match(String text) {
        String trimmed = text.strip();
        if (trimmed.length() > 100) {
            return Optional.empty();
        }
        for (Pattern pattern : new Pattern[] {YEAR_FIRST, DAY_FIRST, MONTH_FIRST}) {
            Matcher m = pattern.matcher(trimmed);
            if (m.matches()) {
                return Optional.of(m);
            }
        }
        return Optional.empty();
    }

    private static Optional<Instant> instant(Matcher m) {
        String zone = m.group("zone");
        Integer month = month(m.group("month"));
        if (zone == null || month == null) {
            return Optional.empty();
        }
        try {
            LocalDate date = LocalDate.of(number(m.group("year")), month, number(m.group("day")));
            return Optional.of(OffsetDateTime.of(date, time(m), offset(zone)).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static LocalTime time(Matcher m) {
        int hour = number(m.group("hour"));
        String half = m.group("half");
        if (half != null) {
            if (hour < 1 || hour > 12) {
                throw new DateTimeException("hour " + hour + " of half a day");
            }
            hour = hour % 12 + (half.toLowerCase(Locale.ROOT).startsWith("p") ? 12 : 0);
        }
        int second = m.group("second") == null ? 0 : number(m.group("second"));
        String fraction = m.group("fraction");
        int nano = fraction == null ? 0 : number((fraction + "00000000").substring(0, 9));
        return LocalTime.of(hour, number(m.group("minute")), second, nano);
    }

    private static ZoneOffset offset(String zone) {
        String digits = zone.replaceAll("[a-zA-Z:]", "");
        if (digits.isEmpty()) {
            return ZoneOffset.UTC;
        }
        int sign = digits.startsWith("-") ? -1 : 1;
        int hours = number(digits.substring(1, 3));
        int minutes = digits.length() > 3 ? number(digits.substring(3)) : 0;
        return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
    }

    private static @org.jspecify.annotations.Nullable Integer month(String text) {
        return Character.isDigit(text.charAt(0))
                ? Integer.valueOf(number(text))
                : MONTHS.get(text.substring(0, 3).toLowerCase(Locale.ROOT));
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }
}
