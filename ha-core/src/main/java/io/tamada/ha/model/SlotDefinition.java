package io.tamada.ha.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A permanent replication slot as configured, or a pattern of slots to leave alone.
public sealed interface SlotDefinition {

    /// @param clusterType `primary` or `standby` to restrict the slot to such clusters; null for
    ///   both
    record Physical(@Nullable String clusterType) implements SlotDefinition {}

    record Logical(String database, String plugin, @Nullable String clusterType)
            implements SlotDefinition {}

    @Nullable String clusterType();

    /// Matches a slot when every given attribute is equal; with none given it matches all.
    record Matcher(
            @Nullable String name,
            @Nullable String type,
            @Nullable String database,
            @Nullable String plugin) {

        public boolean matches(String slot, SlotFacts facts) {
            return fits(name, slot)
                    && fits(type, facts.logical() ? "logical" : "physical")
                    && fits(database, facts.database())
                    && fits(plugin, facts.plugin());
        }

        private static boolean fits(@Nullable String wanted, @Nullable String actual) {
            return wanted == null || wanted.equals(actual);
        }
    }

    /// Reads one entry of `slots`; null when it can't be understood.
    static @Nullable SlotDefinition of(@Nullable Object value) {
        if (value == null
                || Boolean.FALSE.equals(value)
                || "".equals(value)
                || "0".equals(value.toString())) {
            return new Physical(null);
        }
        if (!(value instanceof Map<?, ?> map)) {
            return null;
        }
        String database = text(map, "database");
        String plugin = text(map, "plugin");
        String type = text(map, "type");
        String clusterType = text(map, "cluster_type");
        if (type == null ? database == null || plugin == null : type.equals("physical")) {
            return new Physical(clusterType);
        }
        if (database != null && plugin != null && (type == null || type.equals("logical"))) {
            return new Logical(database, plugin, clusterType);
        }
        return null;
    }

    private static @Nullable String text(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value == null ? null : value.toString();
    }
}
