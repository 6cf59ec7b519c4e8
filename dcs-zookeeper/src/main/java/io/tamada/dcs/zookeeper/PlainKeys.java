package io.tamada.dcs.zookeeper;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.ha.dcs.DcsKey;
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

/// Writes of keys that belong to no session, and every removal.
final class PlainKeys {

    /// A sync key that is removed stays with this value, as Patroni does it: its versions go on
    /// counting.
    private static final String NO_SYNC = "{}";

    private static final String SYNC = KeyPaths.key(DcsKey.SYNC);

    private final Layout layout;
    private final WorkLine work;

    PlainKeys(Layout layout, WorkLine work) {
        this.layout = layout;
        this.work = work;
    }

    WriteResult put(String key, String value, Precondition when, Deadline by)
            throws InterruptedException {
        while (true) {
            Node node = null;
            if (!(when instanceof Precondition.Absent)) {
                Answer seen = work.read(layout.base(), List.of(Op.getData(layout.path(key))), by);
                List<OpResult> results = Node.results(seen);
                if (results == null) {
                    return new WriteResult.Unknown(seen.problem());
                }
                node = Node.read(results, 0);
                String objection = Layout.objection(when, node);
                if (objection != null) {
                    return new WriteResult.Refused(objection);
                }
            }
            List<Op> writes =
                    node == null
                            ? layout.created(key, value, CreateMode.PERSISTENT)
                            : List.of(
                                    Op.setData(
                                            layout.path(key),
                                            Layout.bytes(value),
                                            node.stat().getVersion()));
            Answer answer = work.multi(writes, by);
            WriteResult result = settled(answer, when, writes.size() - 1);
            if (result != null) {
                return result;
            }
            if (answer.code() == Code.NONODE && node == null) {
                createParents(key, by);
            }
            if (by.hasPassed()) {
                return new WriteResult.Unknown("the key kept changing");
            }
        }
    }

    /// Null when it is worth another try: the key changed between looking at it and writing.
    static @Nullable WriteResult settled(Answer answer, Precondition when, int last) {
        return switch (answer.code()) {
            case OK -> new WriteResult.Applied(KeyRevision.of(answer.written(last)).token());
            case NODEEXISTS ->
                    when instanceof Precondition.Absent
                            ? new WriteResult.Refused("the key exists")
                            : null;
            case BADVERSION, NONODE -> null;
            default ->
                    answer.isUnknown() || !answer.sent()
                            ? new WriteResult.Unknown(answer.problem())
                            : new WriteResult.Refused(answer.problem());
        };
    }

    void createParents(String key, Deadline by) throws InterruptedException {
        for (Op parent : layout.parents(key)) {
            work.multi(List.of(parent), by);
        }
    }

    WriteResult remove(String key, Precondition when, Deadline by) throws InterruptedException {
        while (true) {
            Answer seen = work.read(layout.base(), pair(key), by);
            List<OpResult> results = Node.results(seen);
            if (results == null) {
                return new WriteResult.Unknown(seen.problem());
            }
            Node base = Node.read(results, 0);
            Node node = Node.read(results, 1);
            if (base == null || node == null) {
                return new WriteResult.Applied(new io.tamada.ha.model.Revision("gone"));
            }
            String objection = Layout.objection(when, node);
            if (objection != null) {
                return new WriteResult.Refused(objection);
            }
            WriteResult result = removed(key, base, node, by);
            if (result != null) {
                return result;
            }
        }
    }

    WriteResult removeOwned(String key, Session session, Deadline by) throws InterruptedException {
        while (true) {
            Answer seen = work.read(layout.base(), pair(key), by);
            List<OpResult> results = Node.results(seen);
            if (results == null) {
                return new WriteResult.Unknown(seen.problem());
            }
            Node base = Node.read(results, 0);
            Node node = Node.read(results, 1);
            if (base == null || node == null || !session.id().equals(node.session())) {
                return new WriteResult.Refused("the key is somebody else's, or gone");
            }
            WriteResult result = removed(key, base, node, by);
            if (result != null) {
                return result;
            }
        }
    }

    private List<Op> pair(String key) {
        return List.of(Op.getData(layout.base()), Op.getData(layout.path(key)));
    }

    private @Nullable WriteResult removed(String key, Node base, Node node, Deadline by)
            throws InterruptedException {
        List<Op> writes = new ArrayList<>();
        if (Layout.isContested(key)) {
            writes.add(Op.check(layout.base(), base.stat().getVersion()));
        }
        int version = node.stat().getVersion();
        writes.add(
                key.equals(SYNC)
                        ? Op.setData(layout.path(key), Layout.bytes(NO_SYNC), version)
                        : Op.delete(layout.path(key), version));
        Answer answer = work.multi(writes, by);
        return switch (answer.code()) {
            case OK -> new WriteResult.Applied(node.revision().token());
            case BADVERSION, NONODE ->
                    by.hasPassed() ? new WriteResult.Unknown("the key kept changing") : null;
            default ->
                    answer.isUnknown() || !answer.sent()
                            ? new WriteResult.Unknown(answer.problem())
                            : new WriteResult.Refused(answer.problem());
        };
    }

    /// Deletes the base node with all that is below it.
    WriteResult removeAll(Deadline by) throws InterruptedException {
        Answer answer = removeTree(layout.base(), by);
        return switch (answer.code()) {
            case OK, NONODE -> new WriteResult.Applied(new io.tamada.ha.model.Revision("gone"));
            default ->
                    answer.isUnknown() || !answer.sent()
                            ? new WriteResult.Unknown(answer.problem())
                            : new WriteResult.Refused(answer.problem());
        };
    }

    private Answer removeTree(String path, Deadline by) throws InterruptedException {
        while (true) {
            Answer seen = work.read(path, List.of(Op.getChildren(path)), by);
            if (!seen.isOk()) {
                return seen;
            }
            List<OpResult> results = Node.results(seen);
            if (results != null
                    && results.getFirst() instanceof OpResult.GetChildrenResult children) {
                for (String child : children.getChildren()) {
                    Answer removed = removeTree(path + "/" + child, by);
                    if (!removed.isOk() && removed.code() != Code.NONODE) {
                        return removed;
                    }
                }
            }
            Answer answer = work.multi(List.of(Op.delete(path, -1)), by);
            if (answer.code() != Code.NOTEMPTY || by.hasPassed()) {
                return answer;
            }
        }
    }
}
