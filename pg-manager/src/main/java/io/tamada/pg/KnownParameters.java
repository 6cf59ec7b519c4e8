package io.tamada.pg;

import io.tamada.ha.model.Values;
import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which parameters the installed server knows, and their ranges, as it tells them itself.
///
/// @param byName what `postgres --describe-config` lists, in lower case; empty when it could not be
///   asked
/// @param others names that the server knows and doesn't list
record KnownParameters(Map<String, Known> byName, java.util.Set<String> others) {

    /// @param type `BOOLEAN`, `INTEGER`, `REAL`, `STRING` or `ENUM`
    /// @param min for numbers, in the parameter's own unit
    record Known(String name, String context, String type, String min, String max) {}

    private static final List<String> BOOLS = List.of("true", "false", "yes", "no", "on", "off");

    static final KnownParameters NOTHING = new KnownParameters(Map.of(), java.util.Set.of());

    static KnownParameters ask(Binaries binaries, CommandRunner runner, PgVersion version)
            throws InterruptedException {
        CommandResult told =
                runner.run(
                        Command.of(binaries.path("postgres"), "--describe-config"), Binaries.QUICK);
        return told.succeeded()
                ? new KnownParameters(parse(told.out()), UnlistedParameters.of(version))
                : NOTHING;
    }

    static Map<String, Known> parse(String output) {
        Map<String, Known> result = new HashMap<>();
        output.lines()
                .forEach(line -> {
                    String[] f = line.split("\t", -1);
                    if (f.length >= 7) {
                        result.put(
                                f[0].toLowerCase(Locale.ROOT),
                                new Known(f[0], f[1], f[3], f[5], f[6]));
                    }
                });
        return result;
    }

    /// Takes out what the server would refuse to start with, and moves numbers into their range.
    void keepValid(Map<String, String> parameters, List<String> problems) {
        if (byName.isEmpty()) {
            return;
        }
        for (Iterator<Map.Entry<String, String>> it = parameters.entrySet().iterator();
                it.hasNext(); ) {
            Map.Entry<String, String> e = it.next();
            String lower = e.getKey().toLowerCase(Locale.ROOT);
            Known known = byName.get(lower);
            if (known == null) {
                if (!e.getKey().contains(".") && !others.contains(lower)) {
                    problems.add(
                            "postgresql.parameters."
                                    + e.getKey()
                                    + ": this server has no such parameter: left out");
                    it.remove();
                }
                continue;
            }
            String problem =
                    switch (known.type()) {
                        case "BOOLEAN" ->
                                Values.bool(e.getValue()).isPresent() || isBoolPrefix(e.getValue())
                                        ? null
                                        : "on or off";
                        case "INTEGER", "REAL" -> number(known, e, problems);
                        default -> null;
                    };
            if (problem != null) {
                problems.add(
                        "postgresql.parameters."
                                + e.getKey()
                                + ": '"
                                + e.getValue()
                                + "' is not "
                                + problem
                                + ": left out");
                it.remove();
            }
        }
    }

    /// PostgreSQL takes unambiguous beginnings of the words.
    private static boolean isBoolPrefix(String value) {
        String v = value.toLowerCase(Locale.ROOT);
        return !v.isEmpty()
                && !v.equals("o")
                && BOOLS.stream().anyMatch(word -> word.startsWith(v));
    }

    private static @Nullable String number(
            Known known, Map.Entry<String, String> entry, List<String> problems) {
        String value = entry.getValue().strip();
        boolean bare =
                value.matches(
                        "[-+]?(0[xX][0-9a-fA-F]+|[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?|[0-9]+\\.)");
        if (!bare) {
            Function<Map<String, Long>, OptionalLong> scaled =
                    units -> Values.scaled(value, units, 1);
            boolean unit =
                    scaled.apply(Values.BYTES).isPresent()
                            || scaled.apply(Values.MICROS).isPresent();
            return unit
                    ? null
                    : "a number from "
                            + known.min()
                            + " to "
                            + known.max()
                            + ", with or without a unit";
        }
        try {
            BigDecimal number =
                    value.startsWith("0x") || value.startsWith("0X")
                            ? new BigDecimal(Long.parseLong(value.substring(2), 16))
                            : new BigDecimal(value);
            BigDecimal min = new BigDecimal(known.min());
            BigDecimal max = new BigDecimal(known.max());
            if (number.compareTo(min) < 0 || number.compareTo(max) > 0) {
                String bound = number.compareTo(min) < 0 ? known.min() : known.max();
                problems.add(
                        "postgresql.parameters."
                                + entry.getKey()
                                + ": "
                                + value
                                + " is not from "
                                + known.min()
                                + " to "
                                + known.max()
                                + ": using "
                                + bound);
                entry.setValue(bound);
            }
            return null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
