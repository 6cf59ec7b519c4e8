package io.tamada.ha.model;

/// What keeps a primary in charge while the store is silent.
public enum FailsafeMode {
    /// Nothing: it demotes.
    OFF,
    /// Every other member accepts its message. Patroni's rule, and the only one in a mixed cluster.
    ALL,
    /// A majority promises, and promotion needs a majority's consent too. At least three voting
    /// members.
    QUORUM
}
