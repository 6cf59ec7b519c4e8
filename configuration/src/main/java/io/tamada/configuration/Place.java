package io.tamada.configuration;

/// Where something was written.
///
/// @param source a file's path, or `environment variable NAME`
/// @param line counted from 1; 0 when the source as a whole is meant
/// @param column counted from 1; 0 when the source as a whole is meant
public record Place(String source, int line, int column) {

    /// A whole source.
    public static Place of(String source) {
        return new Place(source, 0, 0);
    }

    /// A variable of the environment.
    public static Place variable(String name) {
        return of("environment variable " + name);
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
