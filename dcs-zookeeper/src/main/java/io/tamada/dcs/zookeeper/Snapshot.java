package io.tamada.dcs.zookeeper;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore.Entry;
import io.tamada.dcs.KeyValueStore.Range;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/// Reads all keys of a cluster by one request, as of one moment.
///
/// Which members there are is guessed from the last time and confirmed by the same request; a wrong
/// guess is repeated.
final class Snapshot {

    private static final List<String> SINGLES = singles();

    private final Layout layout;
    private final WorkLine work;
    private volatile List<String> members = List.of();

    Snapshot(Layout layout, WorkLine work) {
        this.layout = layout;
        this.work = work;
    }

    private static List<String> singles() {
        List<String> keys = new ArrayList<>();
        for (DcsKey.Single single : DcsKey.Single.values()) {
            keys.add(KeyPaths.key(single));
        }
        keys.add(KeyPaths.LEGACY_OPTIME);
        return List.copyOf(keys);
    }

    Range read(Deadline by) throws InterruptedException {
        while (true) {
            List<String> guess = members;
            List<String> keys = new ArrayList<>(SINGLES);
            guess.forEach(name -> keys.add(KeyPaths.MEMBERS + name));
            List<Op> reads = new ArrayList<>();
            reads.add(Op.getChildren(layout.members()));
            keys.forEach(key -> reads.add(Op.getData(layout.path(key))));
            Answer answer = work.read(layout.base(), reads, by);
            List<OpResult> results = Node.results(answer);
            if (results == null) {
                return new Range.Unknown(answer.problem());
            }
            List<String> present =
                    results.getFirst() instanceof OpResult.GetChildrenResult children
                            ? List.copyOf(new TreeSet<>(children.getChildren()))
                            : List.of();
            members = present;
            if (guess.containsAll(present)) {
                return new Range.Seen(entries(keys, results));
            }
            if (by.hasPassed()) {
                return new Range.Unknown("the members kept changing");
            }
        }
    }

    private static List<Entry> entries(List<String> keys, List<OpResult> results) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Node node = Node.read(results, i + 1);
            if (node != null) {
                entries.add(
                        new Entry(
                                keys.get(i),
                                node.value(),
                                node.revision().token(),
                                node.session()));
            }
        }
        return entries;
    }
}
