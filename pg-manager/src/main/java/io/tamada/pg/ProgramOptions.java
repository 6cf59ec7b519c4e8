package io.tamada.pg;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A user's options for one of PostgreSQL's programs; those that would take the reins out of our
/// hands are refused.
final class ProgramOptions {

    private ProgramOptions() {}

    /// The forbidden ones among them.
    static List<String> forbidden(Map<String, @Nullable String> options, Set<String> names) {
        return options.keySet().stream().filter(names::contains).sorted().toList();
    }

    static List<String> arguments(Map<String, @Nullable String> options, Set<String> except) {
        List<String> result = new ArrayList<>();
        options.forEach((name, value) -> {
            if (!except.contains(name)) {
                result.add(value == null ? "--" + name : "--" + name + "=" + value);
            }
        });
        return result;
    }
}
