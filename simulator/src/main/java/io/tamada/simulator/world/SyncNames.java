package io.tamada.simulator.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `synchronous_standby_names` as PostgreSQL understands it.
///
/// @param any any of the names will do, rather than the first that are connected
/// @param count how many must confirm; 0 when a commit waits for nobody
record SyncNames(boolean any, int count, List<String> names) {

    static final SyncNames NOBODY = new SyncNames(false, 0, List.of());

    private static final Pattern FORM =
            Pattern.compile(
                    "\\s*(?:(?:(ANY|FIRST)\\s+)?(\\d+)\\s*\\((.*)\\)|(.*))\\s*",
                    Pattern.CASE_INSENSITIVE);

    static SyncNames parse(String text) {
        if (text.isBlank()) {
            return NOBODY;
        }
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("synchronous_standby_names: " + text);
        }
        boolean counted = m.group(2) != null;
        String list = counted ? m.group(3) : m.group(4);
        List<String> names =
                Arrays.stream(list.split(",", -1))
                        .map(n -> n.strip().replaceAll("^\"|\"$", "").replace("\"\"", "\""))
                        .toList();
        return new SyncNames(
                "ANY".equalsIgnoreCase(m.group(1)),
                counted ? Integer.parseInt(m.group(2)) : 1,
                names);
    }

    boolean isNobody() {
        return count == 0;
    }

    /// The place of a standby in the list, from 1; 0 when it isn't listed.
    int priority(String standby) {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name.equals("*")
                    || name.toLowerCase(Locale.ROOT).equals(standby.toLowerCase(Locale.ROOT))) {
                return i + 1;
            }
        }
        return 0;
    }

    /// Up to where commits are released, given the streaming connections; -1 when too few are
    /// there.
    long confirmed(List<Replication> streaming) {
        List<Replication> listed = new ArrayList<>();
        for (Replication r : streaming) {
            if (priority(r.standbyName()) > 0) {
                listed.add(r);
            }
        }
        if (listed.size() < count) {
            return -1;
        }
        if (!any) {
            listed.sort((a, b) ->
                    Integer.compare(priority(a.standbyName()), priority(b.standbyName())));
            listed = listed.subList(0, count);
            return listed.stream().mapToLong(Replication::confirmed).min().orElse(-1);
        }
        List<Long> flushed = new ArrayList<>(listed.stream().map(Replication::confirmed).toList());
        flushed.sort(Collections.reverseOrder());
        return flushed.get(count - 1);
    }

    /// `sync_state` of a streaming standby.
    String stateOf(Replication standby, List<Replication> streaming) {
        int place = priority(standby.standbyName());
        if (place == 0) {
            return "async";
        }
        if (any) {
            return "quorum";
        }
        long before =
                streaming.stream()
                        .filter(r ->
                                priority(r.standbyName()) > 0 && priority(r.standbyName()) < place)
                        .count();
        return before < count ? "sync" : "potential";
    }
}
