package io.tamada.rest;

import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// When an operator wants something to happen: with a zone, and in the future. Pure.
final class Schedules {

    private Schedules() {}

    sealed interface Result {
        record At(OffsetDateTime moment) implements Result {}

        record Refused(int status, String text) implements Result {}
    }

    /// @param action for the message: `restart` or `switchover`
    static Result parse(String action, @Nullable Object written, Instant now) {
        return switch (Timestamps.parse(written)) {
            case Timestamps.Parsed.At(var moment) when !moment.toInstant().isAfter(now) ->
                    new Result.Refused(422, "Cannot schedule " + action + " in the past");
            case Timestamps.Parsed.At(var moment) -> new Result.At(moment);
            case Timestamps.Parsed.WithoutZone() ->
                    new Result.Refused(
                            400, "Timezone information is mandatory for the scheduled " + action);
            case Timestamps.Parsed.Unreadable() ->
                    new Result.Refused(
                            422,
                            "Unable to parse scheduled timestamp. It should be in an unambiguous format, e.g. ISO 8601");
        };
    }
}
