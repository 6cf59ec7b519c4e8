package io.tamada.ha.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A member's tags: what it may become and what it is used for, in the order and with the types of
/// its YAML.
public record Tags(Map<String, Object> all) {

    public static final Tags NONE = new Tags(Map.of());

    public Tags {
        all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
    }

    /// True for a member that never promotes on its own: tagged so, or of priority 0 or less.
    public boolean noFailover() {
        return all.containsKey("nofailover")
                ? isTrue("nofailover")
                : priority("failover_priority") <= 0;
    }

    /// Decides between candidates at an equal WAL position; higher wins. 0 for a member that never
    /// promotes.
    public int failoverPriority() {
        return noFailover() ? 0 : priority("failover_priority");
    }

    /// True for a member that is never a synchronous standby.
    public boolean noSync() {
        return all.containsKey("nosync") ? isTrue("nosync") : priority("sync_priority") <= 0;
    }

    /// Preferred as synchronous standby when higher.
    public int syncPriority() {
        return noSync() ? 0 : priority("sync_priority");
    }

    public boolean noLoadBalance() {
        return isTrue("noloadbalance");
    }

    /// A preferred source of base backups.
    public boolean cloneFrom() {
        return isTrue("clonefrom");
    }

    /// Never streams: lives on the archive alone, and has no slot anywhere.
    public boolean noStream() {
        return isTrue("nostream");
    }

    /// The member to stream from instead of the leader.
    public @Nullable MemberName replicateFrom() {
        Object name = all.get("replicatefrom");
        return name == null || name.toString().isBlank() ? null : MemberName.of(name.toString());
    }

    /// These tags with the standby's synchronous duty given back.
    public Tags withoutSyncDuty() {
        Map<String, Object> changed = new LinkedHashMap<>(all);
        changed.put("nosync", true);
        changed.put("sync_priority", 0);
        return new Tags(changed);
    }

    /// What is published: boolean tags only where they say something.
    public Tags published() {
        Map<String, Object> result = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            boolean published =
                    switch (name) {
                        case "clonefrom", "noloadbalance", "nostream" -> isTrue(name);
                        case "nofailover" -> isTrue(name) || all.containsKey("failover_priority");
                        case "nosync" -> isTrue(name) || all.containsKey("sync_priority");
                        default -> true;
                    };
            if (published) {
                result.put(name, value);
            }
        });
        return new Tags(result);
    }

    private boolean isTrue(String name) {
        return Values.bool(all.get(name)).orElse(false);
    }

    private int priority(String name) {
        return all.containsKey(name) ? (int) Values.integer(all.get(name)).orElse(1) : 1;
    }
}
