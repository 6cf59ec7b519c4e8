package io.tamada.dcs.zookeeper;

import io.tamada.dcs.KeyValueStore;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;

/// Writes of keys that live in a session.
///
/// A node's owner never changes. A key passes to another session by one transaction that deletes
/// the node and creates it again, guarded by what was read.
final class OwnedKeys {

    private static final WriteResult LOST = new WriteResult.Refused(KeyValueStore.SESSION_LOST);

    private final Layout layout;
    private final PlainKeys plain;

    OwnedKeys(Layout layout, PlainKeys plain) {
        this.layout = layout;
        this.plain = plain;
    }

    WriteResult put(String key, String value, Precondition when, LeaseSession session, Deadline by)
            throws InterruptedException {
        while (true) {
            Node base = null;
            Node node = null;
            if (!(when instanceof Precondition.Absent)) {
                LeaseSession.Outcome read =
                        session.read(
                                layout.base(),
                                List.of(Op.getData(layout.base()), Op.getData(layout.path(key))),
                                by);
                if (!(read instanceof LeaseSession.Outcome.Done(Answer seen))) {
                    return LOST;
                }
                List<OpResult> results = Node.results(seen);
                if (results == null) {
                    return new WriteResult.Unknown(seen.problem());
                }
                base = Node.read(results, 0);
                node = Node.read(results, 1);
                String objection = Layout.objection(when, node);
                if (objection != null) {
                    return new WriteResult.Refused(objection);
                }
            }
            List<Op> writes = writes(key, value, session, base, node);
            if (!(session.multi(writes, by) instanceof LeaseSession.Outcome.Done(Answer answer))) {
                return LOST;
            }
            WriteResult result = PlainKeys.settled(answer, when, writes.size() - 1);
            if (result != null) {
                return result;
            }
            if (answer.code() == Code.NONODE && node == null) {
                plain.createParents(key, by);
            }
            if (by.hasPassed()) {
                return new WriteResult.Unknown("the key kept changing");
            }
        }
    }

    private List<Op> writes(
            String key,
            String value,
            LeaseSession session,
            @Nullable Node base,
            @Nullable Node node) {
        if (node != null && node.belongsTo(session.id())) {
            return List.of(
                    Op.setData(layout.path(key), Layout.bytes(value), node.stat().getVersion()));
        }
        List<Op> writes = new ArrayList<>();
        if (Layout.isContested(key)) {
            writes.add(Layout.counted(layout.base(), base == null ? -1 : base.stat().getVersion()));
        }
        if (node != null) {
            writes.add(Op.delete(layout.path(key), node.stat().getVersion()));
        }
        writes.addAll(layout.created(key, value, CreateMode.EPHEMERAL));
        return writes;
    }
}
