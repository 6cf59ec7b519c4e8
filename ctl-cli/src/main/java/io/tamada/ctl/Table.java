package io.tamada.ctl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Rows under titled columns, before anybody decided how to print them. A cell is a text, a number,
/// or a mapping; an empty text stands for "nothing to say".
record Table(List<Column> columns, List<List<Object>> rows) {

    /// @param title in formats that programs read
    /// @param shown in tables that people read
    record Column(String title, String shown, boolean alignedRight) {
        static Column left(String title) {
            return new Column(title, title, false);
        }

        static Column right(String title) {
            return new Column(title, title, true);
        }
    }

    /// A value that a database does not have. Shown as Patroni's tool shows it; JSON and YAML have
    /// a word of their own.
    enum Missing {
        VALUE;

        @Override
        public String toString() {
            return "None";
        }
    }

    Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /// Columns that are named only, without regard to how they are aligned.
    static Table of(List<String> titles, List<List<Object>> rows) {
        return new Table(titles.stream().map(Column::left).toList(), rows);
    }

    /// One mapping for each row, keys in column order.
    List<Map<String, @Nullable Object>> maps(boolean withoutEmpty) {
        List<Map<String, @Nullable Object>> result = new ArrayList<>();
        for (List<Object> row : rows) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                Object cell = row.get(i);
                if (!withoutEmpty || !cell.toString().isEmpty()) {
                    map.put(columns.get(i).title(), cell == Missing.VALUE ? null : cell);
                }
            }
            result.add(map);
        }
        return result;
    }

    Table without(List<String> titles) {
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (!titles.contains(columns.get(i).title())) {
                kept.add(i);
            }
        }
        return new Table(
                kept.stream().map(columns::get).toList(),
                rows.stream().map(r -> kept.stream().map(r::get).toList()).toList());
    }

    Table mapped(UnaryOperator<Object> change) {
        return new Table(columns, rows.stream().map(r -> r.stream().map(change).toList()).toList());
    }
}
