package io.tamada.pg;

import io.tamada.ha.model.MemberRole;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A setting that may be given for one role, by a suffix: `parameters_primary`,
/// `pg_hba_standby_leader`.
///
/// @param base without suffix; null when absent
/// @param byRole role suffix to its value
record RoleVariants<T>(@Nullable T base, Map<String, T> byRole) {

    private static final String[] SUFFIXES = {"primary", "replica", "standby_leader"};

    static <T> RoleVariants<T> of(String key, Function<String, @Nullable T> read) {
        Map<String, T> byRole = new LinkedHashMap<>();
        for (String suffix : SUFFIXES) {
            T value = read.apply(key + "_" + suffix);
            if (value != null) {
                byRole.put(suffix, value);
            }
        }
        return new RoleVariants<>(read.apply(key), byRole);
    }

    /// The value for a role alone; null when there is no variant for it.
    @Nullable T variant(MemberRole role) {
        String suffix =
                switch (role) {
                    case PRIMARY, PROMOTED -> "primary";
                    case STANDBY_LEADER -> "standby_leader";
                    case REPLICA, DEMOTED -> "replica";
                    case UNINITIALIZED -> "";
                };
        return byRole.get(suffix);
    }

    /// The variant where there is one, else the base.
    @Nullable T replacing(MemberRole role) {
        T variant = variant(role);
        return variant != null ? variant : base;
    }
}
