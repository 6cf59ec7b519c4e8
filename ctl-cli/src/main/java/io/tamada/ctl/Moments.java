package io.tamada.ctl;

import io.tamada.dcs.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Points in time as operators write them and as the tool prints them.
final class Moments {

    private static final Pattern OFFSET =
            Pattern.compile(".*:\\d{2}.*?([-+]\\d{2})(?::?(\\d{2}))?\\s*$");
    private static final Pattern AGE = Pattern.compile("(\\d+)\\s*(s|min|m|h|d)?");

    private Moments() {}

    /// `2050-01-01T12:00:00+02:00`; a fraction only where there is one.
    static String iso(OffsetDateTime moment) {
        String fraction = moment.getNano() / 1000 == 0 ? "" : ".SSSSSS";
        return format("uuuu-MM-dd'T'HH:mm:ss" + fraction + "xxx", moment);
    }

    /// `2026-11-23 18:03:47`, in the operator's zone.
    static String seconds(Instant moment, ZoneId zone) {
        return format("uuuu-MM-dd HH:mm:ss", moment.atZone(zone).toOffsetDateTime());
    }

    /// `2026-11-23 18:03:47.19800`, in the operator's zone.
    static String precise(Instant moment, ZoneId zone) {
        return format("uuuu-MM-dd HH:mm:ss.SSSSS", moment.atZone(zone).toOffsetDateTime());
    }

    /// A moment in an hour, as an example of what can be typed.
    static String example(Instant now, ZoneId zone) {
        return format(
                "uuuu-MM-dd'T'HH:mm",
                now.plus(Duration.ofHours(1)).atZone(zone).toOffsetDateTime());
    }

    private static String format(String pattern, OffsetDateTime moment) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(moment);
    }

    /// What an operator wrote for a schedule. Without a zone it is meant in the operator's.
    ///
    /// @return null for "at once": nothing, or `now`
    /// @throws CtlError when it can't be understood
    static @Nullable OffsetDateTime schedule(String text, ZoneId zone) {
        String trimmed = text.strip();
        if (trimmed.isEmpty() || trimmed.equalsIgnoreCase("now")) {
            return null;
        }
        if (Timestamps.lacksZone(trimmed)) {
            return LocalDateTime.ofInstant(parsed(trimmed + " +00:00", text), ZoneOffset.UTC)
                    .atZone(zone)
                    .toOffsetDateTime();
        }
        return parsed(trimmed, text).atOffset(offset(trimmed));
    }

    private static Instant parsed(String complete, String asWritten) {
        return Timestamps.parse(complete)
                .orElseThrow(() ->
                        new CtlError(
                                "Unable to parse scheduled timestamp (%s). It should be in an unambiguous format (e.g. ISO 8601)"
                                        .formatted(asWritten)));
    }

    /// The offset that was written is kept, so that the schedule is shown as it was given.
    private static ZoneOffset offset(String text) {
        Matcher m = OFFSET.matcher(text);
        if (!m.matches()) {
            return ZoneOffset.UTC;
        }
        String minutes = m.group(2);
        return ZoneOffset.of(m.group(1) + ":" + (minutes == null ? "00" : minutes));
    }

    /// A span such as `90`, `30min`, `1h`, `2d`; a bare number is seconds.
    static Duration span(String text) {
        Matcher m = AGE.matcher(text.strip());
        if (!m.matches()) {
            throw new CtlError(
                    "'%s' is not a span of time; write for example 90s, 30min, 1h or 2d"
                            .formatted(text));
        }
        long number = Long.parseLong(m.group(1));
        return switch (m.group(2)) {
            case "min", "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            case null, default -> Duration.ofSeconds(number);
        };
    }
}
