package io.tamada.agent;

import io.tamada.ha.model.Tags;
import io.tamada.ha.model.Values;
import java.util.ArrayList;
import java.util.List;

/// Tags that contradict each other, in the sentences that tools around Patroni look for.
final class TagConflicts {

    private TagConflicts() {}

    static List<String> of(Tags tags) {
        List<String> found = new ArrayList<>();
        check(tags, "nofailover", "failover_priority", found);
        check(tags, "nosync", "sync_priority", found);
        return found;
    }

    private static void check(Tags tags, String flag, String priority, List<String> found) {
        Object never = tags.all().get(flag);
        Object rank = tags.all().get(priority);
        if (never == null || rank == null) {
            return;
        }
        boolean flagged = Values.bool(never).orElse(false);
        long number = Values.integer(rank).orElse(1);
        if (flagged == (number > 0)) {
            String word = flagged ? "True" : "False";
            found.add(
                    "Conflicting configuration between "
                            + flag
                            + ": "
                            + word
                            + " and "
                            + priority
                            + ": "
                            + rank
                            + ". Defaulting to "
                            + flag
                            + ": "
                            + word);
        }
    }
}
