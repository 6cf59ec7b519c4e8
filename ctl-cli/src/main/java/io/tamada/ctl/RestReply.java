package io.tamada.ctl;

/// What came of a request to a member.
sealed interface RestReply {

    /// The member answered.
    ///
    /// @param body without surrounding blanks
    record Answered(int status, String body) implements RestReply {

        boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    /// The request never reached the member: nothing was done.
    record Unreachable(String problem) implements RestReply {}

    /// The request was sent and no answer came: it may be done, or be under way.
    record Silent(String problem) implements RestReply {}

    /// What an operator is told of anything but success.
    default String details() {
        return switch (this) {
            case Answered(int status, String body) -> status + ", " + body;
            case Unreachable(String problem) -> problem;
            case Silent(String problem) -> problem;
        };
    }
}
