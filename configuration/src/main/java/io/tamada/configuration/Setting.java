package io.tamada.configuration;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One setting: everything that reading, validation, the environment and the documentation need to
/// know of it.
///
/// @param path its keys from the root of the layer
/// @param standard what counts when it is not given, as text; null for nothing
/// @param variable its environment variable without the prefix; null when it has none
/// @param secret never shown
/// @param doc one sentence
public record Setting(
        List<String> path,
        ValueType type,
        @Nullable String standard,
        Layer layer,
        Effect effect,
        Need need,
        @Nullable String variable,
        boolean secret,
        String doc) {

    /// Where it may be given.
    public enum Layer {
        /// The local file or the environment.
        LOCAL,
        /// The dynamic configuration in the store, at first taken from `bootstrap.dcs`.
        DYNAMIC,
        /// Both; the local one counts.
        BOTH
    }

    /// When a changed value counts.
    public enum Effect {
        /// Once the agent is started anew.
        RESTART,
        /// With the next reload.
        RELOAD,
        /// Only while a new cluster is made.
        ONCE
    }

    /// What happens when it is missing.
    public enum Need {
        OPTIONAL,
        /// Validation asks for it; the agent starts without.
        EXPECTED,
        REQUIRED
    }

    public Setting {
        path = List.copyOf(path);
    }

    static Setting local(String path, ValueType type, String doc) {
        return new Setting(
                List.of(path.split("\\.")),
                type,
                null,
                Layer.LOCAL,
                Effect.RELOAD,
                Need.OPTIONAL,
                null,
                false,
                doc);
    }

    static Setting dynamic(String path, ValueType type, String doc) {
        return local(path, type, doc).in(Layer.DYNAMIC);
    }

    static Setting both(String path, ValueType type, String doc) {
        return local(path, type, doc).in(Layer.BOTH);
    }

    private Setting in(Layer value) {
        return new Setting(path, type, standard, value, effect, need, variable, secret, doc);
    }

    Setting or(String value) {
        return new Setting(path, type, value, layer, effect, need, variable, secret, doc);
    }

    Setting with(Effect value) {
        return new Setting(path, type, standard, layer, value, need, variable, secret, doc);
    }

    Setting with(Need value) {
        return new Setting(path, type, standard, layer, effect, value, variable, secret, doc);
    }

    Setting env(String value) {
        return new Setting(path, type, standard, layer, effect, need, value, secret, doc);
    }

    Setting asSecret() {
        return new Setting(path, type, standard, layer, effect, need, variable, true, doc);
    }

    /// The keys, joined by dots.
    public String name() {
        return String.join(".", path);
    }
}
