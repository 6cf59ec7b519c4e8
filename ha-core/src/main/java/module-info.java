/// The engine of Tamada: domain values, the store contract, the pure failover policy and the loop
/// that carries it out. Depends on nothing but the JDK.
module io.tamada.ha {
    requires static org.jspecify;

    exports io.tamada.ha;
    exports io.tamada.ha.dcs;
    exports io.tamada.ha.model;
    exports io.tamada.ha.policy;
    exports io.tamada.ha.port;
    exports io.tamada.ha.time;

    uses io.tamada.ha.dcs.DcsProvider;
}
