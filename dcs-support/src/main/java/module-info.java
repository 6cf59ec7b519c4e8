/// What stores have in common: Patroni's key layout and JSON, and the store contract written once
/// over key-value operations.
module io.tamada.dcs {
    requires static org.jspecify;
    requires transitive io.tamada.ha;
    requires com.google.gson;

    exports io.tamada.dcs;
}
