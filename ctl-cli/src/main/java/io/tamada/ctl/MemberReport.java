package io.tamada.ctl;

import io.tamada.ha.model.MemberStatus;

/// Tells of a request to one member.
///
/// @param action what was asked for, as lines name it
record MemberReport(Console console, String action, MemberStatus member) {

    Outcome done(String line) {
        console.line(line);
        return Outcome.DONE;
    }

    Outcome refused(String line) {
        console.line(line);
        return Outcome.REFUSED;
    }

    /// The line about anything that is not an expected answer.
    Outcome failed(RestReply reply) {
        String line =
                switch (reply) {
                    case RestReply.Answered(int status, String body) ->
                            "Failed: %s for member %s, status code=%d, (%s)"
                                    .formatted(action, member.name(), status, body);
                    case RestReply.Unreachable _, RestReply.Silent _ ->
                            "Failed: %s for member %s, (%s)"
                                    .formatted(action, member.name(), reply.details());
                };
        console.line(line);
        return reply instanceof RestReply.Silent ? Outcome.UNKNOWN : Outcome.REFUSED;
    }
}
