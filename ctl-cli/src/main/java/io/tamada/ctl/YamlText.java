package io.tamada.ctl;

import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;

/// Plain values as YAML with sorted keys, and YAML as plain values.
final class YamlText {

    private static final int WIDTH = 200;
    private static final int CODE_POINTS_MAX = 10_000_000;

    private YamlText() {}

    /// Block style, ends with a line end.
    static String of(@Nullable Object value) {
        return dump(value, DumperOptions.FlowStyle.BLOCK);
    }

    /// One line without its end, as in `{a: b}`.
    static String flow(@Nullable Object value) {
        return dump(value, DumperOptions.FlowStyle.FLOW).stripTrailing();
    }

    private static String dump(@Nullable Object value, DumperOptions.FlowStyle style) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(style);
        options.setWidth(style == DumperOptions.FlowStyle.BLOCK ? WIDTH : Integer.MAX_VALUE);
        options.setSplitLines(style == DumperOptions.FlowStyle.BLOCK);
        options.setAllowUnicode(true);
        options.setDereferenceAliases(true);
        LoaderOptions loading = loading();
        return new Yaml(new SafeConstructor(loading), new Representer(options), options, loading)
                .dump(sorted(value));
    }

    private static @Nullable Object sorted(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> result = new TreeMap<>();
                map.forEach((k, v) -> result.put(String.valueOf(k), sorted(v)));
                yield result;
            }
            case List<?> list -> {
                List<@Nullable Object> result = new ArrayList<>();
                list.forEach(item -> result.add(sorted(item)));
                yield result;
            }
            case null, default -> value;
        };
    }

    /// Reads one document.
    ///
    /// @param source names the text in an error
    /// @throws CtlError that names the line and column when it is not YAML
    static @Nullable Object parse(String text, String source) {
        try {
            return plain(new Yaml(new SafeConstructor(loading())).load(text));
        } catch (MarkedYAMLException e) {
            String place =
                    e.getProblemMark() == null
                            ? ""
                            : ":%d:%d"
                                    .formatted(
                                            e.getProblemMark().getLine() + 1,
                                            e.getProblemMark().getColumn() + 1);
            throw new CtlError("%s%s: not valid YAML: %s".formatted(source, place, e.getProblem()));
        } catch (YAMLException e) {
            throw new CtlError("%s: not valid YAML: %s".formatted(source, e.getMessage()));
        }
    }

    /// Reads one document that has to be a mapping; an empty one is an empty mapping.
    static Map<String, @Nullable Object> parseMapping(String text, String source) {
        Object value = parse(text, source);
        if (value == null) {
            return new LinkedHashMap<>();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new CtlError(
                    "%s: a mapping (key: value) is expected, found: %s"
                            .formatted(source, flow(value)));
        }
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        map.forEach((k, v) -> result.put(String.valueOf(k), v));
        return result;
    }

    /// The types that JSON gives as well: keys are text, whole numbers long, and moments their text
    /// again.
    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> result = new LinkedHashMap<>();
                map.forEach((k, v) -> result.put(String.valueOf(plain(k)), plain(v)));
                yield result;
            }
            case List<?> list -> {
                List<@Nullable Object> result = new ArrayList<>();
                list.forEach(item -> result.add(plain(item)));
                yield result;
            }
            case Integer number -> number.longValue();
            case Date date -> date.toInstant().toString();
            case null, default -> value;
        };
    }

    private static LoaderOptions loading() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(CODE_POINTS_MAX);
        options.setAllowDuplicateKeys(false);
        return options;
    }
}
