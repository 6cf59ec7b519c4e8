package io.tamada.dcs.raft.machine;

import io.tamada.dcs.raft.machine.Command.Condition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/// Commands and outcomes as bytes. A command in the log is a version byte, the stamp and the
/// command.
public final class CommandCodec {

    private static final int VERSION = 1;
    private static final int HEADER = 1 + Long.BYTES;

    private CommandCodec() {}

    /// A log entry as read.
    public record Stamped(long stamp, Command command) {}

    /// Puts version and stamp in front of an encoded command.
    public static ByteBuffer stamped(long stamp, byte[] command) {
        return ByteBuffer.allocate(HEADER + command.length)
                .put((byte) VERSION)
                .putLong(stamp)
                .put(command)
                .flip();
    }

    /// Reads an entry of the log.
    ///
    /// @throws IOException when the entry is not of this version: another member runs a newer
    ///   program
    public static Stamped stamped(ByteBuffer entry) throws IOException {
        byte[] bytes = new byte[entry.remaining()];
        entry.duplicate().get(bytes);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException(
                    "a log entry of version " + version + ", which this program does not know");
        }
        return new Stamped(in.readLong(), command(in));
    }

    public static byte[] bytes(Command command) {
        return written(out -> write(out, command));
    }

    private static void write(DataOutput out, Command command) throws IOException {
        switch (command) {
            case Command.Put(String key, String value, Condition when, long session) -> {
                out.writeByte(1);
                Texts.write(out, key);
                Texts.write(out, value);
                write(out, when);
                out.writeLong(session);
            }
            case Command.Remove(String key, Condition when) -> {
                out.writeByte(2);
                Texts.write(out, key);
                write(out, when);
            }
            case Command.RemoveOwned(String key, long session) -> {
                out.writeByte(3);
                Texts.write(out, key);
                out.writeLong(session);
            }
            case Command.RemoveAll(String prefix) -> {
                out.writeByte(4);
                Texts.write(out, prefix);
            }
            case Command.OpenSession(long ttl) -> {
                out.writeByte(5);
                out.writeLong(ttl);
            }
            case Command.RenewSession(long session, long ttl, String ownedKey) -> {
                out.writeByte(6);
                out.writeLong(session);
                out.writeLong(ttl);
                Texts.write(out, ownedKey);
            }
            case Command.Tick _ -> out.writeByte(7);
        }
    }

    public static Command command(DataInput in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case 1 -> new Command.Put(Texts.read(in), Texts.read(in), condition(in), in.readLong());
            case 2 -> new Command.Remove(Texts.read(in), condition(in));
            case 3 -> new Command.RemoveOwned(Texts.read(in), in.readLong());
            case 4 -> new Command.RemoveAll(Texts.read(in));
            case 5 -> new Command.OpenSession(in.readLong());
            case 6 -> new Command.RenewSession(in.readLong(), in.readLong(), Texts.read(in));
            case 7 -> new Command.Tick();
            default ->
                    throw new IOException(
                            "a command of kind " + kind + ", which this program does not know");
        };
    }

    private static void write(DataOutput out, Condition when) throws IOException {
        switch (when) {
            case Condition.Absent _ -> out.writeByte(1);
            case Condition.At(long revision) -> {
                out.writeByte(2);
                out.writeLong(revision);
            }
            case Condition.Whatever _ -> out.writeByte(3);
        }
    }

    private static Condition condition(DataInput in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case 1 -> new Condition.Absent();
            case 2 -> new Condition.At(in.readLong());
            case 3 -> new Condition.Whatever();
            default -> throw new IOException("a condition of kind " + kind);
        };
    }

    public static void write(DataOutput out, Outcome outcome) throws IOException {
        switch (outcome) {
            case Outcome.Applied(long revision) -> {
                out.writeByte(1);
                out.writeLong(revision);
            }
            case Outcome.Refused(String reason) -> {
                out.writeByte(2);
                Texts.write(out, reason);
            }
            case Outcome.SessionGranted(long session, long ttl) -> {
                out.writeByte(3);
                out.writeLong(session);
                out.writeLong(ttl);
            }
            case Outcome.SessionLost _ -> out.writeByte(4);
            case Outcome.NotOwner(long session, long ttl) -> {
                out.writeByte(5);
                out.writeLong(session);
                out.writeLong(ttl);
            }
        }
    }

    public static Outcome outcome(DataInput in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case 1 -> new Outcome.Applied(in.readLong());
            case 2 -> new Outcome.Refused(Texts.read(in));
            case 3 -> new Outcome.SessionGranted(in.readLong(), in.readLong());
            case 4 -> new Outcome.SessionLost();
            case 5 -> new Outcome.NotOwner(in.readLong(), in.readLong());
            default -> throw new IOException("an outcome of kind " + kind);
        };
    }

    /// Something that writes itself.
    public interface Body {
        void write(DataOutput out) throws IOException;
    }

    /// The bytes of a body.
    public static byte[] written(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            body.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }
}
