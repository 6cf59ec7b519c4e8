package io.tamada.dcs.raft;

import io.tamada.dcs.raft.machine.CommandCodec;
import io.tamada.dcs.raft.machine.Texts;
import io.tamada.dcs.raft.wire.Address;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Arrays;

/// What a member asks another one, mostly the leader, apart from what the consensus library says.
sealed interface Ask {

    /// May the question be put again when its answer was lost?
    boolean repeatable();

    /// Agree on a command.
    ///
    /// @param command encoded; the leader looks at it and stamps it
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Propose(byte[] command, boolean repeatable) implements Ask {}

    /// All keys with a prefix, as of now.
    record Range(String prefix) implements Ask {
        @Override
        public boolean repeatable() {
            return true;
        }
    }

    /// Tell when something has changed after a revision, or after a while; below zero, tell the
    /// revision at once.
    record Await(long revision, int millis) implements Ask {
        @Override
        public boolean repeatable() {
            return true;
        }
    }

    /// Make this node one of the group if it isn't, and tell how far the log is committed.
    record Join(Address node) implements Ask {
        @Override
        public boolean repeatable() {
            return true;
        }
    }

    /// Do you have a log? Answered by every node, not only by the leader.
    record Census() implements Ask {
        @Override
        public boolean repeatable() {
            return true;
        }
    }

    /// Tell who the members are.
    record Members() implements Ask {
        @Override
        public boolean repeatable() {
            return true;
        }
    }

    /// Let a member go that is not heard of.
    record Remove(Address node) implements Ask {
        @Override
        public boolean repeatable() {
            return true;
        }
    }

    /// An ask as received.
    ///
    /// @param millis how long who asks waits for the answer
    record Received(Ask ask, int millis) {}

    int VERSION = 1;

    static byte[] bytes(Ask ask, int millis) {
        return CommandCodec.written(out -> {
            out.writeByte(VERSION);
            out.writeInt(millis);
            switch (ask) {
                case Propose(byte[] command, boolean _) -> {
                    out.writeByte(1);
                    out.write(command);
                }
                case Range(String prefix) -> {
                    out.writeByte(2);
                    Texts.write(out, prefix);
                }
                case Await(long revision, int wait) -> {
                    out.writeByte(3);
                    out.writeLong(revision);
                    out.writeInt(wait);
                }
                case Join(Address node) -> {
                    out.writeByte(4);
                    Texts.write(out, node.toString());
                }
                case Census _ -> out.writeByte(5);
                case Members _ -> out.writeByte(6);
                case Remove(Address node) -> {
                    out.writeByte(7);
                    Texts.write(out, node.toString());
                }
            }
        });
    }

    static Received read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException(
                    "a question of version " + version + ", which this program does not know");
        }
        int millis = Math.clamp(in.readInt(), 0, 120_000);
        int kind = in.readUnsignedByte();
        Ask ask =
                switch (kind) {
                    case 1 ->
                            new Propose(
                                    Arrays.copyOfRange(
                                            bytes, bytes.length - in.available(), bytes.length),
                                    false);
                    case 2 -> new Range(Texts.read(in));
                    case 3 -> new Await(in.readLong(), Math.clamp(in.readInt(), 0, 60_000));
                    case 4 -> new Join(address(Texts.read(in)));
                    case 5 -> new Census();
                    case 6 -> new Members();
                    case 7 -> new Remove(address(Texts.read(in)));
                    default -> throw new IOException("a question of kind " + kind);
                };
        return new Received(ask, millis);
    }

    private static Address address(String text) throws IOException {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IOException(e);
        }
    }
}
