package io.tamada.pg;

import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.Values;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Compares what a server runs with what it is to run.
final class RunningParameters {

    /// @param setting in `unit`
    /// @param type `bool`, `integer`, `real`, `enum` or `string`
    record Running(String setting, @Nullable String unit, String type) {}

    private RunningParameters() {}

    /// The parameters that differ and take effect only by a restart.
    static PendingRestart pending(Connection connection, Parameters wanted) throws SQLException {
        Map<String, PendingRestart.Change> changes = new TreeMap<>();
        String sql =
                "SELECT name, setting, unit, vartype, pending_restart FROM pg_settings WHERE context = 'postmaster'"
                        + " AND name <> 'data_directory' AND name <> 'config_file'";
        try (Statement statement = connection.createStatement();
                ResultSet r = statement.executeQuery(sql)) {
            while (r.next()) {
                String name = SqlProbe.text(r, "name");
                if (RecoverySettings.NAMES.contains(name)) {
                    // They come and go with the role: a promoted server need not restart for them.
                    continue;
                }
                Running running =
                        new Running(
                                SqlProbe.text(r, "setting"),
                                r.getString("unit"),
                                SqlProbe.text(r, "vartype"));
                String value = wanted.values().get(name);
                boolean differs =
                        value == null ? r.getBoolean("pending_restart") : !same(running, value);
                if (differs) {
                    changes.put(
                            name,
                            new PendingRestart.Change(
                                    readable(running), value == null ? "?" : value));
                }
            }
        }
        return new PendingRestart(changes);
    }

    /// Whether a value as written means what runs.
    static boolean same(Running running, String wanted) {
        return switch (running.type()) {
            case "bool" -> Values.bool(running.setting()).equals(Values.bool(wanted));
            case "integer", "real" -> sameNumber(running, wanted);
            case "enum" -> running.setting().equalsIgnoreCase(wanted);
            default -> running.setting().equals(wanted);
        };
    }

    private static boolean sameNumber(Running running, String wanted) {
        OptionalLong base = base(running.unit());
        if (base.isEmpty()) {
            try {
                return Double.compare(
                                Double.parseDouble(running.setting()),
                                Double.parseDouble(wanted.strip()))
                        == 0;
            } catch (NumberFormatException e) {
                return running.setting().equals(wanted);
            }
        }
        OptionalLong value = Values.scaled(wanted, units(running.unit()), base.getAsLong());
        OptionalLong set = Values.integer(running.setting());
        return value.isPresent() && set.isPresent() && value.getAsLong() == set.getAsLong();
    }

    /// What a bare number counts, in bytes or microseconds; empty without a unit. `8kB` is one
    /// unit.
    private static OptionalLong base(@Nullable String unit) {
        return unit == null || unit.isEmpty()
                ? OptionalLong.empty()
                : Values.scaled(
                        Character.isDigit(unit.charAt(0)) ? unit : "1" + unit, units(unit), 1);
    }

    private static Map<String, Long> units(@Nullable String unit) {
        return unit != null && unit.endsWith("B") ? Values.BYTES : Values.MICROS;
    }

    /// In the largest unit that leaves a whole number.
    static String readable(Running running) {
        OptionalLong base = base(running.unit());
        OptionalLong set = Values.integer(running.setting());
        if (base.isEmpty() || set.isEmpty() || set.getAsLong() <= 0) {
            return running.setting();
        }
        long total = set.getAsLong() * base.getAsLong();
        return units(running.unit()).entrySet().stream()
                .filter(e -> total % e.getValue() == 0)
                .max(Map.Entry.comparingByValue())
                .map(e -> String.format(Locale.ROOT, "%d%s", total / e.getValue(), e.getKey()))
                .orElse(running.setting());
    }
}
