package io.tamada.ctl;

import java.util.List;

/// A box of ASCII lines around a table, for people.
final class PrettyTable {

    private final Table table;
    private final List<List<List<String>>> cells;
    private final int[] widths;

    private PrettyTable(Table table) {
        this.table = table;
        this.cells =
                table.rows().stream()
                        .map(r -> r.stream().map(c -> c.toString().lines().toList()).toList())
                        .toList();
        this.widths = new int[table.columns().size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] =
                    Math.max(
                            width(table.columns().get(i).shown()),
                            cells.stream()
                                    .flatMap(r -> r.get(column).stream())
                                    .mapToInt(PrettyTable::width)
                                    .max()
                                    .orElse(0));
        }
    }

    /// @param header written into the first rule; empty for none. It never makes the table wider:
    ///   what doesn't fit is cut.
    /// @return lines, the last with its end
    static String render(Table table, String header) {
        return new PrettyTable(table).render(header);
    }

    private String render(String header) {
        String rule = rule();
        String head =
                header.substring(0, Math.min(header.length(), Math.max(0, rule.length() - 2)));
        StringBuilder out = new StringBuilder();
        out.append(rule.charAt(0)).append(head).append(rule, 1 + head.length(), rule.length());
        out.append('\n');
        appendRow(out, table.columns().stream().map(c -> List.of(c.shown())).toList());
        out.append(rule).append('\n');
        boolean ruled = cells.stream().flatMap(List::stream).anyMatch(c -> c.size() > 1);
        for (int i = 0; i < cells.size(); i++) {
            if (ruled && i > 0) {
                out.append(rule).append('\n');
            }
            appendRow(out, cells.get(i));
        }
        return out.append(rule).append('\n').toString();
    }

    private String rule() {
        StringBuilder out = new StringBuilder("+");
        for (int width : widths) {
            out.repeat('-', width + 2).append('+');
        }
        return out.toString();
    }

    private void appendRow(StringBuilder out, List<List<String>> row) {
        int height = row.stream().mapToInt(List::size).max().orElse(0);
        for (int line = 0; line < Math.max(1, height); line++) {
            out.append('|');
            for (int i = 0; i < widths.length; i++) {
                List<String> cell = row.get(i);
                String text = line < cell.size() ? cell.get(line) : "";
                int padding = widths[i] - width(text);
                boolean right = table.columns().get(i).alignedRight();
                out.append(' ').repeat(' ', right ? padding : 0);
                out.append(text).repeat(' ', right ? 0 : padding).append(" |");
            }
            out.append('\n');
        }
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
