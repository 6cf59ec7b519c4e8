package io.tamada.ha.model;

/// A value together with the revision under which the store holds it.
public record Versioned<T>(T value, Revision revision) {}
