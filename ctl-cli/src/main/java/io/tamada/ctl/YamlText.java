package io.tamada.ctl;

import io.tamada.configuration.Findings;
import io.tamada.configuration.PlacedDocument;
import io.tamada.configuration.YamlReader;
import io.tamada.ha.model.ConfigDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/// Plain values as YAML with sorted keys, and YAML as plain values.
final class YamlText {

    private static final int WIDTH = 200;

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
        return new Yaml(options).dump(sorted(value));
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
        Findings findings = new Findings();
        Object value = YamlReader.value(source, text, findings);
        refuse(findings);
        return value;
    }

    /// Reads one document that has to be a mapping; an empty one is an empty mapping.
    static ConfigDocument parseMapping(String text, String source) {
        Findings findings = new Findings();
        PlacedDocument read = YamlReader.mapping(source, text, findings);
        refuse(findings);
        return read.document();
    }

    /// What is to be written may have no slip in it at all: not even a key that is given twice.
    private static void refuse(Findings findings) {
        if (!findings.all().isEmpty()) {
            throw new CtlError(findings.all().getFirst().toString());
        }
    }
}
