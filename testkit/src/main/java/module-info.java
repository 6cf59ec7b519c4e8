/// The contracts that stores pass, an in-memory store, a simulated PostgreSQL, time that tests
/// move.
module io.tamada.testkit {
    requires static org.jspecify;
    requires transitive io.tamada.dcs;
    requires transitive io.tamada.ha;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;

    exports io.tamada.testkit;

    // JUnit reaches the tests that others inherit.
    opens io.tamada.testkit;
}
