package io.tamada.ctl;

import io.tamada.dcs.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// How a table is printed. Pure: a table in, text out.
enum OutputFormat {
    PRETTY,
    TSV,
    JSON,
    YAML,
    YML;

    /// As it is typed.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isPretty() {
        return this == PRETTY;
    }

    /// @param header for the first rule of a table for people; empty for none
    /// @param withoutEmpty leaves empty cells out of the mappings of JSON and YAML
    String render(Table table, String header, boolean withoutEmpty) {
        return switch (this) {
            case PRETTY -> PrettyTable.render(shown(table), header);
            case TSV -> separated(oneLined(table), "\t");
            case JSON -> Json.spaced(table.maps(withoutEmpty)) + "\n";
            case YAML, YML -> YamlText.of(table.maps(withoutEmpty)) + "\n";
        };
    }

    /// Mappings become text: block YAML.
    private static Table shown(Table table) {
        return table.mapped(c -> c instanceof Map<?, ?> m ? YamlText.of(m).strip() : c);
    }

    /// One row stays one line, whatever its cells hold.
    private static Table oneLined(Table table) {
        return table.mapped(c -> c instanceof String s ? s.replace("\n", ", ") : c);
    }

    /// A line of titles, then a line for each row.
    static String separated(Table table, String delimiter) {
        StringBuilder out = new StringBuilder();
        out.append(
                        table.columns().stream()
                                .map(Table.Column::title)
                                .collect(Collectors.joining(delimiter)))
                .append('\n');
        for (List<Object> row : table.rows()) {
            out.append(
                            row.stream()
                                    .map(c ->
                                            c instanceof Map<?, ?> m
                                                    ? YamlText.flow(m)
                                                    : c.toString())
                                    .collect(Collectors.joining(delimiter)))
                    .append('\n');
        }
        return out.toString();
    }
}
