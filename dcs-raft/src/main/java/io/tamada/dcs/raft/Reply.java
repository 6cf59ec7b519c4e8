package io.tamada.dcs.raft;

import io.tamada.dcs.raft.machine.CommandCodec;
import io.tamada.dcs.raft.machine.KvEntry;
import io.tamada.dcs.raft.machine.Outcome;
import io.tamada.dcs.raft.machine.Texts;
import io.tamada.dcs.raft.wire.Address;
import io.tamada.ha.dcs.StoreServers;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What comes back on an [Ask].
sealed interface Reply {

    record Decided(Outcome outcome) implements Reply {}

    record Entries(List<KvEntry> entries) implements Reply {
        public Entries {
            entries = List.copyOf(entries);
        }
    }

    /// What changed.
    ///
    /// @param keys what changed up to the revision; empty when nothing did, or too much to tell
    record Changes(long revision, List<String> keys) implements Reply {
        public Changes {
            keys = List.copyOf(keys);
        }
    }

    /// The node is a member.
    ///
    /// @param index how far the log was committed
    record Joined(long index) implements Reply {}

    /// The state of a node.
    ///
    /// @param hasLog the node has taken part in the group
    record Census(boolean hasLog) implements Reply {}

    /// The members, as the leader who answers has them.
    record Members(List<StoreServers.Server> servers) implements Reply {
        public Members {
            servers = List.copyOf(servers);
        }
    }

    /// Nothing was done: ask somebody else.
    ///
    /// @param leader who leads as far as this node knows
    record NotLeader(@Nullable Address leader) implements Reply {}

    /// Nobody knows what came of it.
    record Failed(String problem) implements Reply {}

    static byte[] bytes(Reply reply) {
        return CommandCodec.written(out -> {
            out.writeByte(Ask.VERSION);
            switch (reply) {
                case Decided(Outcome outcome) -> {
                    out.writeByte(1);
                    CommandCodec.write(out, outcome);
                }
                case Entries(List<KvEntry> entries) -> {
                    out.writeByte(2);
                    out.writeInt(entries.size());
                    for (KvEntry entry : entries) {
                        Texts.write(out, entry.key());
                        Texts.write(out, entry.value());
                        out.writeLong(entry.revision());
                        out.writeLong(entry.session());
                    }
                }
                case Changes(long revision, List<String> keys) -> {
                    out.writeByte(3);
                    out.writeLong(revision);
                    out.writeInt(keys.size());
                    for (String key : keys) {
                        Texts.write(out, key);
                    }
                }
                case Joined(long index) -> {
                    out.writeByte(4);
                    out.writeLong(index);
                }
                case Census(boolean hasLog) -> {
                    out.writeByte(5);
                    out.writeBoolean(hasLog);
                }
                case Members(List<StoreServers.Server> servers) -> {
                    out.writeByte(8);
                    out.writeInt(servers.size());
                    for (StoreServers.Server server : servers) {
                        Texts.write(out, server.address());
                        out.writeBoolean(server.leads());
                        out.writeBoolean(server.heard());
                    }
                }
                case NotLeader(Address leader) -> {
                    out.writeByte(6);
                    Texts.write(out, leader == null ? "" : leader.toString());
                }
                case Failed(String problem) -> {
                    out.writeByte(7);
                    Texts.write(out, problem);
                }
            }
        });
    }

    static Reply read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int version = in.readUnsignedByte();
        if (version != Ask.VERSION) {
            throw new IOException(
                    "an answer of version " + version + ", which this program does not know");
        }
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case 1 -> new Decided(CommandCodec.outcome(in));
            case 2 -> entries(in);
            case 3 -> changes(in);
            case 4 -> new Joined(in.readLong());
            case 5 -> new Census(in.readBoolean());
            case 6 -> notLeader(Texts.read(in));
            case 7 -> new Failed(Texts.read(in));
            case 8 -> members(in);
            default -> throw new IOException("an answer of kind " + kind);
        };
    }

    private static Reply entries(DataInputStream in) throws IOException {
        List<KvEntry> entries = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            entries.add(new KvEntry(Texts.read(in), Texts.read(in), in.readLong(), in.readLong()));
        }
        return new Entries(entries);
    }

    private static Reply changes(DataInputStream in) throws IOException {
        long revision = in.readLong();
        List<String> keys = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            keys.add(Texts.read(in));
        }
        return new Changes(revision, keys);
    }

    private static Reply members(DataInputStream in) throws IOException {
        List<StoreServers.Server> servers = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            servers.add(
                    new StoreServers.Server(Texts.read(in), in.readBoolean(), in.readBoolean()));
        }
        return new Members(servers);
    }

    private static Reply notLeader(String leader) throws IOException {
        try {
            return new NotLeader(leader.isEmpty() ? null : Address.parse(leader));
        } catch (IllegalArgumentException e) {
            throw new IOException(e);
        }
    }
}
