package io.tamada.ctl;

import io.tamada.ha.model.MemberStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Which members a command is about: by role, by name, or as the operator answers.
///
/// @param candidates those of the role, in the order of the store
record MemberChoice(Ctl ctl, Cluster cluster, RoleFilter role, List<MemberStatus> candidates) {

    /// Looks at the cluster and shows its members.
    static MemberChoice among(Ctl ctl, Cluster cluster, RoleFilter role, List<String> names) {
        List<GroupView> groups = cluster.lookAtAll();
        List<MemberStatus> candidates =
                groups.stream()
                        .flatMap(g -> g.members().stream().filter(m -> role.includes(g, m)))
                        .toList();
        if (candidates.isEmpty() && names.isEmpty()) {
            throw new CtlError(
                    cluster.name()
                            + " cluster doesn't have any "
                            + (role == RoleFilter.ANY
                                    ? "members"
                                    : "members of the role " + role.text()));
        }
        ctl.showMembers(cluster, groups);
        return new MemberChoice(ctl, cluster, role, candidates);
    }

    /// The candidates with these names. Names that are not among them are told of, and refused in
    /// strict mode.
    ///
    /// @param roleShown the role as the message has it
    List<MemberStatus> named(List<String> names, String roleShown) {
        List<MemberStatus> found =
                candidates.stream().filter(m -> names.contains(m.name().value())).toList();
        if (found.isEmpty()) {
            throw new CtlError("No " + roleShown + " among provided members");
        }
        List<String> unknown = new ArrayList<>(names);
        found.forEach(m -> unknown.removeIf(n -> n.equals(m.name().value())));
        if (!unknown.isEmpty()) {
            String message =
                    "not %s of cluster %s: %s"
                            .formatted(
                                    role == RoleFilter.ANY
                                            ? "members"
                                            : "members of the role " + role.text(),
                                    cluster.name(),
                                    String.join(", ", unknown));
            if (ctl.options().strictExit) {
                throw new CtlError(message);
            }
            ctl.console().complain("Warning: left out, for they are " + message);
        }
        return found;
    }

    /// The one candidate of this name.
    MemberStatus one(String name) {
        return candidates.stream()
                .filter(m -> m.name().value().equals(name))
                .findFirst()
                .orElseThrow(() -> new CtlError(name + " is not a member of cluster"));
    }

    static String names(List<MemberStatus> members) {
        return members.stream().map(m -> m.name().value()).collect(Collectors.joining(", "));
    }

    /// Asks for consent unless it was given with `--force`.
    static void confirm(Ctl ctl, boolean force, String action, String question) {
        if (!force && !ctl.dialogue().confirm(question)) {
            throw new CtlError("Aborted " + action);
        }
    }
}
