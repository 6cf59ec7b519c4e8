package io.tamada.configuration;

import io.tamada.ha.model.ConfigDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A configuration tree that remembers where each of its parts was written.
///
/// @param source where it came from as a whole
/// @param document the tree
/// @param spots by path; positions in lists are numbers
public record PlacedDocument(Place source, ConfigDocument document, Map<List<String>, Spot> spots) {

    /// Where a key and its value begin. For an item of a list both are the item's.
    public record Spot(Place key, Place value) {}

    public PlacedDocument {
        spots = Map.copyOf(spots);
    }

    public static PlacedDocument empty(Place source) {
        return new PlacedDocument(source, ConfigDocument.EMPTY, Map.of());
    }

    /// Where the value at a path begins; for a path that is not there, where its nearest ancestor's
    /// key is.
    public Place placeOf(List<String> path) {
        Spot exact = spots.get(path);
        return exact != null ? exact.value() : keyOf(path);
    }

    /// Where the key at a path is; for a path that is not there, where its nearest ancestor's is.
    public Place keyOf(List<String> path) {
        for (int length = path.size(); length > 0; length--) {
            Spot spot = spots.get(path.subList(0, length));
            if (spot != null) {
                return spot.key();
            }
        }
        return source;
    }

    /// This tree with a patch laid over it, as [ConfigDocument#patched] does.
    public PlacedDocument patched(PlacedDocument patch) {
        Map<List<String>, Spot> merged = new HashMap<>(spots);
        merged.putAll(patch.spots);
        Place whole = document.root().isEmpty() ? patch.source : source;
        return new PlacedDocument(whole, document.patched(patch.document), merged);
    }
}
