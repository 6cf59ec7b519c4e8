package io.tamada.configuration;

/// Something about a configuration that its author should know.
///
/// @param place where it is
/// @param path which setting; empty when none is concerned
/// @param text what is wrong and what to do, without the place; never shows a secret
public record Finding(Severity severity, Place place, String path, String text) {

    /// How bad it is.
    public enum Severity {
        /// The agent doesn't start with it.
        REFUSED,
        /// Validation fails; the agent starts with it, as Patroni does, and warns.
        INVALID,
        /// Worth a warning.
        NOTICE
    }

    /// One line: place, setting, sentence.
    @Override
    public String toString() {
        String line = place + ": " + (path.isEmpty() ? "" : path + ": ") + text;
        return line.replaceAll("\\p{Cntrl}+", " ");
    }
}
