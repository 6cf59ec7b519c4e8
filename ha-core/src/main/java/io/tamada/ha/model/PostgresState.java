package io.tamada.ha.model;

import java.util.Arrays;
import java.util.Optional;

/// What a member says of its PostgreSQL. The order is the numeric index that metrics publish; it
/// never changes.
public enum PostgresState {
    INITIALIZING("initializing new cluster"),
    INITDB_FAILED("initdb failed"),
    CUSTOM_BOOTSTRAP("running custom bootstrap script"),
    CUSTOM_BOOTSTRAP_FAILED("custom bootstrap failed"),
    CREATING_REPLICA("creating replica"),
    RUNNING("running"),
    STARTING("starting"),
    STARTING_AFTER_CUSTOM_BOOTSTRAP("starting after custom bootstrap"),
    START_FAILED("start failed"),
    RESTARTING("restarting"),
    RESTART_FAILED("restart failed"),
    STOPPING("stopping"),
    STOPPED("stopped"),
    STOP_FAILED("stop failed"),
    CRASHED("crashed");

    private final String text;

    PostgresState(String text) {
        this.text = text;
    }

    /// The word used in the member key and over REST.
    public String text() {
        return text;
    }

    public static Optional<PostgresState> of(String text) {
        return Arrays.stream(values()).filter(s -> s.text.equals(text)).findFirst();
    }
}
