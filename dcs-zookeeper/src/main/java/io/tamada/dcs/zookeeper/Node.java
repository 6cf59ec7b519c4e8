package io.tamada.dcs.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/// A node as read.
record Node(String value, Stat stat) {

    KeyRevision revision() {
        return KeyRevision.of(stat);
    }

    /// The token of the session it belongs to; null for none.
    @Nullable String session() {
        return stat.getEphemeralOwner() == 0 ? null : token(stat.getEphemeralOwner());
    }

    boolean belongsTo(long session) {
        return stat.getEphemeralOwner() == session;
    }

    static String token(long session) {
        return Long.toHexString(session);
    }

    /// What operation `index` read; null when there is no such node.
    static @Nullable Node read(List<OpResult> results, int index) {
        return results.get(index) instanceof OpResult.GetDataResult found
                ? new Node(text(found.getData()), found.getStat())
                : null;
    }

    private static String text(byte @Nullable [] data) {
        return data == null ? "" : new String(data, StandardCharsets.UTF_8);
    }

    /// The answer of a read as a whole, of which nodes that are missing are a part.
    static @Nullable List<OpResult> results(Answer answer) {
        List<OpResult> results = answer.results();
        if (results == null) {
            return null;
        }
        for (OpResult result : results) {
            if (result instanceof OpResult.ErrorResult error
                    && error.getErr() != Code.NONODE.intValue()) {
                return null;
            }
        }
        return results;
    }
}
