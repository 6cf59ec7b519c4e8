package io.tamada.simulator.invariant;

/// A promise that was broken.
///
/// @param invariant the class that saw it
/// @param atNanos virtual time
/// @param what in a sentence
public record Violation(String invariant, long atNanos, String what) {}
