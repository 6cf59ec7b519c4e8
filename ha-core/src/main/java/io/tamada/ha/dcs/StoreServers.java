package io.tamada.ha.dcs;

import io.tamada.ha.time.Deadline;
import java.util.List;

/// The servers of a store that the members run themselves, so that nothing else can tell who they
/// are or let one go.
///
/// A server that won't come back goes on to count: with one of three dead for good, the next loss
/// ends the majority. A new server joins by being started; an old one has to be removed.
public interface StoreServers {

    /// Who counts for a majority, and who of them is heard of. One that is just being added or
    /// removed shows already as it will be, although a loss may still undo that.
    Listing list(Deadline by) throws InterruptedException;

    /// From now on this server does not count. Removing one that doesn't count is applied.
    ///
    /// Refused for a server that is heard of: it is to be stopped first. One that is started again
    /// later asks to count again, and does.
    WriteResult remove(String address, Deadline by) throws InterruptedException;

    /// @param address as others reach it
    /// @param leads it is the one that all others follow
    /// @param heard it has answered the leader just now
    record Server(String address, boolean leads, boolean heard) {}

    sealed interface Listing {
        record Seen(List<Server> servers) implements Listing {
            public Seen {
                servers = List.copyOf(servers);
            }
        }

        record Unknown(String problem) implements Listing {}
    }
}
