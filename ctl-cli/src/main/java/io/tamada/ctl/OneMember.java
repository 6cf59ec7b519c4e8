package io.tamada.ctl;

import io.tamada.ha.model.MemberStatus;
import org.jspecify.annotations.Nullable;

/// The one member that `dsn` and `query` are about.
final class OneMember {

    private OneMember() {}

    /// @param role null for the leader, unless a name is given
    /// @return null when there is none
    static @Nullable MemberStatus find(
            Cluster cluster, @Nullable RoleFilter role, @Nullable String name) {
        check(role, name);
        for (GroupView view : cluster.lookAtAll()) {
            for (MemberStatus m : view.members()) {
                boolean wanted =
                        name != null
                                ? m.name().value().equals(name)
                                : (role == null ? RoleFilter.LEADER : role).includes(view, m);
                if (wanted) {
                    return m;
                }
            }
        }
        return null;
    }

    static void check(@Nullable RoleFilter role, @Nullable String name) {
        if (role != null && name != null) {
            throw new CtlError("--role and --member are mutually exclusive options");
        }
    }
}
