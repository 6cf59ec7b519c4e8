package io.tamada.pg.process;

/// Signals that are sent to PostgreSQL and to scripts; numbers as on every Linux.
public enum Signal {
    HUP(1),
    INT(2),
    QUIT(3),
    KILL(9),
    USR1(10),
    TERM(15),
    STOP(19),
    CONT(18);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
