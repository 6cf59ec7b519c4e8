package io.tamada.configuration;

import io.tamada.configuration.PlacedDocument.Spot;
import io.tamada.ha.model.ConfigDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Settings that were elsewhere in files of long ago: taken to where they belong now, unless there
/// is something.
final class OldLayout {

    private static final List<String> USE_REWIND = List.of("postgresql", "use_pg_rewind");

    private record Move(List<String> from, List<String> to) {}

    private static final List<Move> MOVES =
            List.of(
                    move("postgresql.superuser", "postgresql.authentication.superuser"),
                    move("postgresql.replication", "postgresql.authentication.replication"),
                    move("postgresql.pg_rewind", "postgresql.authentication.rewind"),
                    move("postgresql.name", "name"));

    private static Move move(String from, String to) {
        return new Move(List.of(from.split("\\.")), List.of(to.split("\\.")));
    }

    private OldLayout() {}

    /// The same settings in today's places, each remembering where it was written.
    static PlacedDocument modern(PlacedDocument given) {
        PlacedDocument result = given;
        boolean rewinds = at(given, MOVES.get(2).from()) != null;
        for (Move move : MOVES) {
            result = moved(result, move);
        }
        return rewinds && at(result, USE_REWIND) == null
                ? new PlacedDocument(
                        result.source(),
                        result.document().patched(tree(USE_REWIND, true)),
                        result.spots())
                : result;
    }

    private static @Nullable Object at(PlacedDocument given, List<String> path) {
        return given.document().at(path.toArray(String[]::new));
    }

    private static PlacedDocument moved(PlacedDocument given, Move move) {
        Object value = at(given, move.from());
        if (value == null || at(given, move.to()) != null) {
            return given;
        }
        ConfigDocument document =
                given.document().patched(tree(move.to(), value)).patched(tree(move.from(), null));
        Map<List<String>, Spot> spots = new HashMap<>();
        given.spots()
                .forEach((path, spot) -> {
                    boolean inside =
                            path.size() >= move.from().size()
                                    && path.subList(0, move.from().size()).equals(move.from());
                    List<String> now = path;
                    if (inside) {
                        now = new ArrayList<>(move.to());
                        now.addAll(path.subList(move.from().size(), path.size()));
                    }
                    spots.put(now, spot);
                });
        return new PlacedDocument(given.source(), document, spots);
    }

    /// A value at a path, and nothing else.
    private static ConfigDocument tree(List<String> path, @Nullable Object value) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put(
                path.getFirst(),
                path.size() == 1 ? value : tree(path.subList(1, path.size()), value).root());
        return ConfigDocument.of(root);
    }
}
