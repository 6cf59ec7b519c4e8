package io.tamada.ctl;

/// What came of a command whose request could be made. Scripts written for Patroni expect 0 for all
/// three; with `--strict-exit` each has a code of its own.
enum Outcome {
    DONE(0),
    /// A member or the store answered, and did not do it.
    REFUSED(3),
    /// Nobody answered in time: it may have been done.
    UNKNOWN(4);

    private final int strictCode;

    Outcome(int strictCode) {
        this.strictCode = strictCode;
    }

    int strictCode() {
        return strictCode;
    }

    Outcome worse(Outcome other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
