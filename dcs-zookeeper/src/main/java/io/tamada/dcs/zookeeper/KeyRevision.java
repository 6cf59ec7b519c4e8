package io.tamada.dcs.zookeeper;

import io.tamada.ha.model.Revision;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/// A key's version and which node it is of: a node that is deleted and created again counts its
/// versions from 0 again.
///
/// @param created the transaction that created the node
/// @param version of its value
record KeyRevision(long created, int version) {

    static KeyRevision of(Stat stat) {
        return new KeyRevision(stat.getCzxid(), stat.getVersion());
    }

    /// Null for a token that is none of ours.
    static @Nullable KeyRevision parse(Revision revision) {
        String text = revision.value();
        if (!text.matches("[0-9]{1,18}\\.[0-9]{1,9}")) {
            return null;
        }
        int dot = text.indexOf('.');
        return new KeyRevision(
                Long.parseLong(text, 0, dot, 10),
                Integer.parseInt(text, dot + 1, text.length(), 10));
    }

    Revision token() {
        return new Revision(created + "." + version);
    }
}
