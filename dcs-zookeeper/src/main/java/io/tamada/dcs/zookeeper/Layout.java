package io.tamada.dcs.zookeeper;

import io.tamada.dcs.KeyPaths;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.Precondition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/// Where a cluster's nodes lie, and the operations that write them.
///
/// Every node is created with version 1 or more, so that it is never taken for one of Patroni's,
/// which begin at 0. The leader key's next owner also counts up the version of the base node, whose
/// value nobody uses: a guard on both versions holds for one ownership only.
record Layout(KeyPaths paths, List<ACL> acls) {

    private static final byte[] EMPTY = new byte[0];

    Layout {
        acls = List.copyOf(acls);
    }

    String base() {
        return paths.base();
    }

    String path(String key) {
        return paths.absolute(key);
    }

    /// Where members publish themselves.
    String members() {
        return path(KeyPaths.MEMBERS.substring(0, KeyPaths.MEMBERS.length() - 1));
    }

    /// Whether several members want to own the key.
    static boolean isContested(String key) {
        return key.equals(KeyPaths.key(DcsKey.LEADER));
    }

    static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /// Counts up the base node's version, if it is still the given one; -1 for whatever it is.
    static Op counted(String base, int version) {
        return Op.setData(base, EMPTY, version);
    }

    /// Creates a node; the last operation tells its state.
    List<Op> created(String key, String value, CreateMode mode) {
        byte[] bytes = bytes(value);
        return List.of(Op.create(path(key), bytes, acls, mode), Op.setData(path(key), bytes, 0));
    }

    /// The nodes above a key, outermost first.
    List<Op> parents(String key) {
        List<Op> parents = new ArrayList<>();
        String path = path(key);
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            parents.add(Op.create(path.substring(0, slash), EMPTY, acls, CreateMode.PERSISTENT));
        }
        return parents;
    }

    /// Why the precondition doesn't hold of the node; null when it does.
    static @Nullable String objection(Precondition when, @Nullable Node node) {
        return switch (when) {
            case Precondition.Whatever _ -> null;
            case Precondition.Absent _ -> node == null ? null : "the key exists";
            case Precondition.At(var revision) -> {
                if (node == null) {
                    yield "the key is gone";
                }
                yield node.revision().equals(KeyRevision.parse(revision))
                        ? null
                        : "the key was changed";
            }
        };
    }
}
