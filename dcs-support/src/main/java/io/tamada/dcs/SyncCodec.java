package io.tamada.dcs;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SyncState;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// `sync`, as others wrote it.
final class SyncCodec {

    private SyncCodec() {}

    static SyncState decode(String text, List<String> problems) {
        if (text.isBlank()) {
            return SyncState.EMPTY;
        }
        try {
            return decode(new Fields("sync", Json.parseObject(text), problems));
        } catch (JsonException e) {
            problems.add("sync: " + e.getMessage());
            return SyncState.EMPTY;
        }
    }

    private static SyncState decode(Fields in) {
        MemberName leader = ClusterCodec.name(in.text("leader"));
        if (leader == null) {
            return SyncState.EMPTY;
        }
        SortedSet<MemberName> standbys = new TreeSet<>();
        String names = in.text("sync_standby");
        for (String part : names == null ? new String[0] : names.split(",")) {
            MemberName name = ClusterCodec.name(part);
            if (name != null) {
                standbys.add(name);
            }
        }
        return new SyncState(leader, standbys, quorum(in, in.number("quorum"), standbys.size()));
    }

    /// A number that no voters can reach is read as the strictest that they can: fewer candidates
    /// qualify, never more.
    private static int quorum(Fields in, @Nullable Long quorum, int voters) {
        if (quorum == null || quorum == 0) {
            return 0;
        }
        int strictest = Math.max(0, voters - 1);
        if (quorum < 0 || quorum > strictest) {
            in.problem(
                    "quorum "
                            + quorum
                            + " can't be reached by "
                            + voters
                            + " voters: using "
                            + strictest);
            return strictest;
        }
        return quorum.intValue();
    }
}
