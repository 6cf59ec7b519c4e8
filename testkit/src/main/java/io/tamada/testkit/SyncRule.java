package io.tamada.testkit;

import io.tamada.ha.model.Lsn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `synchronous_standby_names` says: whom a commit waits for.
///
/// @param any any `count` of the names; else the first `count` of those that are connected
/// @param count how many; 0 for nobody
/// @param names in order of priority, lower case; `*` for everybody
record SyncRule(boolean any, int count, List<String> names) {

    private static final Pattern FORM =
            Pattern.compile(
                    "\\s*(?:(?:(FIRST|ANY)\\s+)?(\\d+)\\s*\\((.*)\\)|(.*))\\s*",
                    Pattern.CASE_INSENSITIVE);

    SyncRule {
        names = List.copyOf(names);
    }

    static SyncRule parse(String setting) {
        Matcher m = FORM.matcher(setting);
        if (!m.matches() || setting.isBlank()) {
            return new SyncRule(false, 0, List.of());
        }
        boolean counted = m.group(2) != null;
        List<String> names = new ArrayList<>();
        for (String part : (counted ? m.group(3) : m.group(4)).split(",", -1)) {
            String name = part.strip().replaceAll("^\"|\"$", "").replace("\"\"", "\"");
            if (!name.isEmpty()) {
                names.add(name.toLowerCase(Locale.ROOT));
            }
        }
        return new SyncRule(
                "ANY".equalsIgnoreCase(m.group(1)),
                counted ? Integer.parseInt(m.group(2)) : 1,
                names);
    }

    /// Counts from 1; 0 for a standby that no commit waits for.
    int priority(String standby) {
        int at = names.indexOf(standby.toLowerCase(Locale.ROOT));
        return 1 + (at >= 0 ? at : names.indexOf("*"));
    }

    /// The word in `pg_stat_replication.sync_state`.
    String state(String standby, Map<String, Lsn> connected) {
        if (count == 0 || priority(standby) == 0) {
            return "async";
        }
        if (any) {
            return "quorum";
        }
        return chosen(connected).contains(standby) ? "sync" : "potential";
    }

    /// True when a commit at this position may be acknowledged.
    ///
    /// @param connected what each connected standby has flushed
    boolean isSatisfied(Lsn position, Map<String, Lsn> connected) {
        List<String> asked = any ? listed(connected) : chosen(connected);
        return asked.stream()
                        .filter(s -> !connected.getOrDefault(s, Lsn.ZERO).isBefore(position))
                        .count()
                >= count;
    }

    private List<String> listed(Map<String, Lsn> connected) {
        return connected.keySet().stream().filter(s -> priority(s) > 0).toList();
    }

    private List<String> chosen(Map<String, Lsn> connected) {
        return listed(connected).stream()
                .sorted(
                        Comparator.comparingInt(this::priority)
                                .thenComparing(Comparator.naturalOrder()))
                .limit(count)
                .toList();
    }
}
