package io.tamada.dcs.raft;

import io.tamada.dcs.raft.machine.Outcome;
import io.tamada.dcs.raft.wire.Address;
import io.tamada.ha.dcs.StoreServers;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.Revision;
import io.tamada.ha.time.Deadline;
import java.util.List;

/// The nodes of the group, as its leader has them.
record RaftServers(GroupClient client) implements StoreServers {

    @Override
    public Listing list(Deadline by) throws InterruptedException {
        return switch (client.ask(new Ask.Members(), by)) {
            case Reply.Members(List<Server> servers) -> new Listing.Seen(servers);
            case Reply.Failed(String problem) -> new Listing.Unknown(problem);
            default -> new Listing.Unknown("an answer to another question");
        };
    }

    /// @throws IllegalArgumentException when the address is not one
    @Override
    public WriteResult remove(String address, Deadline by) throws InterruptedException {
        return switch (client.ask(new Ask.Remove(Address.parse(address)), by)) {
            case Reply.Decided(Outcome.Applied(long index)) ->
                    new WriteResult.Applied(Revision.of(index));
            case Reply.Decided(Outcome.Refused(String reason)) -> new WriteResult.Refused(reason);
            case Reply.Failed(String problem) -> new WriteResult.Unknown(problem);
            default -> new WriteResult.Unknown("an answer to another question");
        };
    }
}
