package io.tamada.dcs.raft.machine;

import io.tamada.dcs.raft.machine.Command.Condition;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Keys, sessions and the time of the log. The same commands in the same order give the same state,
/// byte for byte.
///
/// It reads no clock: each command carries the stamp that the leader gave it ([LogClock]), the
/// machine's time is the largest stamp so far, and a session has expired as soon as the machine's
/// time has reached its end. So whether a session lived when a command was applied is decided once,
/// for all members and all replays.
///
/// Not thread-safe.
public final class KvMachine {

    private static final int FORMAT = 1;

    private final TreeMap<String, KvEntry> keys = new TreeMap<>();
    private final TreeMap<Long, Long> sessionEnds = new TreeMap<>();
    private long time;
    private long revision;
    private long lastSession;

    /// What came of a command.
    ///
    /// @param changed the keys that were written or deleted, including those that went with a
    ///   session
    public record Step(Outcome outcome, List<String> changed) {
        public Step {
            changed = List.copyOf(changed);
        }
    }

    /// The largest stamp applied so far, in nanoseconds.
    public long time() {
        return time;
    }

    /// Counts every change of a key; never goes back.
    public long revision() {
        return revision;
    }

    /// The machine time at which the next session ends, if nobody prolongs it; [Long#MAX_VALUE]
    /// when there is none.
    public long nextExpiry() {
        return sessionEnds.values().stream()
                .mapToLong(Long::longValue)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /// All keys with a prefix, in order.
    public List<KvEntry> range(String prefix) {
        List<KvEntry> found = new ArrayList<>();
        for (KvEntry entry : keys.tailMap(prefix).values()) {
            if (!entry.key().startsWith(prefix)) {
                break;
            }
            found.add(entry);
        }
        return found;
    }

    /// Applies a command that the leader stamped with `stamp`. First time moves on and takes
    /// expired sessions along.
    public Step apply(long stamp, Command command) {
        List<String> changed = new ArrayList<>();
        time = Math.max(time, stamp);
        expire(changed);
        Outcome outcome =
                switch (command) {
                    case Command.Put put -> put(put, changed);
                    case Command.Remove remove -> remove(remove, changed);
                    case Command.RemoveOwned owned -> removeOwned(owned, changed);
                    case Command.RemoveAll all -> removeAll(all.prefix(), changed);
                    case Command.OpenSession open -> open(open);
                    case Command.RenewSession renew -> renew(renew);
                    case Command.Tick _ -> new Outcome.Applied(revision);
                };
        return new Step(outcome, changed);
    }

    private void expire(List<String> changed) {
        if (sessionEnds.values().stream().noneMatch(end -> end <= time)) {
            return;
        }
        sessionEnds.values().removeIf(end -> end <= time);
        for (KvEntry entry : List.copyOf(keys.values())) {
            if (entry.session() != 0 && !sessionEnds.containsKey(entry.session())) {
                delete(entry.key(), changed);
            }
        }
    }

    private Outcome put(Command.Put put, List<String> changed) {
        if (put.session() != 0 && !sessionEnds.containsKey(put.session())) {
            return new Outcome.SessionLost();
        }
        String broken = broken(put.when(), keys.get(put.key()));
        if (broken != null) {
            return new Outcome.Refused(broken);
        }
        revision++;
        keys.put(put.key(), new KvEntry(put.key(), put.value(), revision, put.session()));
        changed.add(put.key());
        return new Outcome.Applied(revision);
    }

    private Outcome remove(Command.Remove remove, List<String> changed) {
        KvEntry present = keys.get(remove.key());
        if (present != null) {
            String broken = broken(remove.when(), present);
            if (broken != null) {
                return new Outcome.Refused(broken);
            }
            delete(remove.key(), changed);
        }
        return new Outcome.Applied(revision);
    }

    private Outcome removeOwned(Command.RemoveOwned remove, List<String> changed) {
        KvEntry present = keys.get(remove.key());
        if (present == null || present.session() != remove.session()) {
            return new Outcome.Refused(
                    present == null ? "the key is gone" : "the key belongs to another session");
        }
        delete(remove.key(), changed);
        return new Outcome.Applied(revision);
    }

    private Outcome removeAll(String prefix, List<String> changed) {
        range(prefix).forEach(entry -> delete(entry.key(), changed));
        return new Outcome.Applied(revision);
    }

    private Outcome open(Command.OpenSession open) {
        lastSession++;
        sessionEnds.put(lastSession, time + open.ttlNanos());
        return new Outcome.SessionGranted(lastSession, open.ttlNanos());
    }

    private Outcome renew(Command.RenewSession renew) {
        Long end = sessionEnds.get(renew.session());
        if (end == null) {
            return new Outcome.SessionLost();
        }
        // Never earlier than before: the holder whose answer is lost goes on counting on the end it
        // knew.
        sessionEnds.put(renew.session(), Math.max(end, time + renew.ttlNanos()));
        if (!renew.ownedKey().isEmpty()) {
            KvEntry owned = keys.get(renew.ownedKey());
            if (owned == null || owned.session() != renew.session()) {
                return new Outcome.NotOwner(renew.session(), renew.ttlNanos());
            }
        }
        return new Outcome.SessionGranted(renew.session(), renew.ttlNanos());
    }

    private static @Nullable String broken(Condition when, @Nullable KvEntry present) {
        return switch (when) {
            case Condition.Absent _ -> present == null ? null : "the key exists";
            case Condition.At(long revision) ->
                    present == null
                            ? "the key is gone"
                            : present.revision() == revision
                                    ? null
                                    : "the key is at revision " + present.revision();
            case Condition.Whatever _ -> null;
        };
    }

    private void delete(String key, List<String> changed) {
        keys.remove(key);
        revision++;
        changed.add(key);
    }

    /// Writes the whole state.
    public void save(DataOutput out) throws IOException {
        out.writeByte(FORMAT);
        out.writeLong(time);
        out.writeLong(revision);
        out.writeLong(lastSession);
        out.writeInt(sessionEnds.size());
        for (var session : sessionEnds.entrySet()) {
            out.writeLong(session.getKey());
            out.writeLong(session.getValue());
        }
        out.writeInt(keys.size());
        for (KvEntry entry : keys.values()) {
            Texts.write(out, entry.key());
            Texts.write(out, entry.value());
            out.writeLong(entry.revision());
            out.writeLong(entry.session());
        }
    }

    /// Reads what [#save] wrote.
    ///
    /// @throws IOException when it is something else
    public static KvMachine load(DataInput in) throws IOException {
        int format = in.readUnsignedByte();
        if (format != FORMAT) {
            throw new IOException(
                    "a snapshot of format " + format + ", which this version does not know");
        }
        KvMachine machine = new KvMachine();
        machine.time = in.readLong();
        machine.revision = in.readLong();
        machine.lastSession = in.readLong();
        for (int left = in.readInt(); left > 0; left--) {
            machine.sessionEnds.put(in.readLong(), in.readLong());
        }
        for (int left = in.readInt(); left > 0; left--) {
            KvEntry entry =
                    new KvEntry(Texts.read(in), Texts.read(in), in.readLong(), in.readLong());
            machine.keys.put(entry.key(), entry);
        }
        return machine;
    }
}
