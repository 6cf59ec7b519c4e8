package io.tamada.ctl;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who replicates from whom, as a tree read from top to bottom. Pure.
final class Topology {

    /// @param depth 0 for the leader
    record Placed(MemberStatus member, int depth) {

        String shownName() {
            return depth == 0
                    ? member.name().value()
                    : "  ".repeat(depth - 1) + "+ " + member.name().value();
        }
    }

    private final GroupView view;
    private final Set<MemberName> placed = new LinkedHashSet<>();
    private final List<Placed> result = new ArrayList<>();

    private Topology(GroupView view) {
        this.view = view;
    }

    /// All members without indentation, by name.
    static List<Placed> flat(GroupView view) {
        return view.members().stream().map(m -> new Placed(m, 0)).toList();
    }

    static List<Placed> of(GroupView view) {
        Topology tree = new Topology(view);
        MemberStatus leader = view.leader();
        if (leader != null) {
            tree.place(leader, 0);
        } else {
            tree.placeBelow(null, 1);
        }
        // Members that replicate from one another in a ring hang under the root, so that nobody is
        // left out.
        for (MemberStatus member : view.members()) {
            if (!tree.placed.contains(member.name())) {
                tree.place(member, 1);
            }
        }
        return List.copyOf(tree.result);
    }

    private void place(MemberStatus member, int depth) {
        if (placed.add(member.name())) {
            result.add(new Placed(member, depth));
            placeBelow(member, depth + 1);
        }
    }

    private void placeBelow(@Nullable MemberStatus upstream, int depth) {
        for (MemberStatus member : view.members()) {
            MemberName from = upstreamOf(member);
            boolean below = upstream == null ? from == null : upstream.name().equals(from);
            if (below && !view.isLeader(member)) {
                place(member, depth);
            }
        }
    }

    private @Nullable MemberName upstreamOf(MemberStatus member) {
        MemberName from = member.tags().replicateFrom();
        boolean exists =
                from != null && !from.equals(member.name()) && view.view().member(from) != null;
        MemberStatus leader = view.leader();
        return exists ? from : leader == null ? null : leader.name();
    }
}
