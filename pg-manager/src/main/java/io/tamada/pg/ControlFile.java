package io.tamada.pg;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Timeline;
import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The control file of a data directory, as `pg_controldata` reads it.
///
/// The program runs only when the file's bytes have changed since it last ran.
final class ControlFile {

    /// The part of the file that means something.
    private static final int BYTES = 512;

    private static final Map<String, String> ENGLISH = Map.of("LANG", "C", "LC_ALL", "C");

    private final DataDirectory data;
    private final Binaries binaries;
    private final CommandRunner runner;
    private @Nullable Read last;

    /// @param values every line of the program, `Current ` left out
    record Read(ByteBuffer bytes, Map<String, String> values, ControlData control) {}

    ControlFile(DataDirectory data, Binaries binaries, CommandRunner runner) {
        this.data = data;
        this.binaries = binaries;
        this.runner = runner;
    }

    /// Null when there is none or it makes no sense.
    @Nullable ControlData read(Duration atMost) throws InterruptedException {
        Read read = readAll(atMost);
        return read == null ? null : read.control();
    }

    synchronized @Nullable Read readAll(Duration atMost) throws InterruptedException {
        ByteBuffer bytes = bytes();
        if (bytes == null) {
            return null;
        }
        Read known = last;
        if (known != null && known.bytes().equals(bytes)) {
            return known;
        }
        Command command =
                Command.of(binaries.path("pg_controldata"), data.root().toString()).with(ENGLISH);
        CommandResult told = runner.run(command, atMost);
        if (!told.succeeded()) {
            return null;
        }
        Map<String, String> values = parse(told.out());
        ControlData control = control(values, atMost);
        if (control == null) {
            return null;
        }
        Read read = new Read(bytes, values, control);
        last = read;
        return read;
    }

    /// True when the file differs from what was last read, at the price of one small read.
    synchronized boolean hasChanged() {
        ByteBuffer bytes = bytes();
        Read known = last;
        return bytes != null && (known == null || !known.bytes().equals(bytes));
    }

    private @Nullable ByteBuffer bytes() {
        try (InputStream in = Files.newInputStream(data.file("global/pg_control"))) {
            return ByteBuffer.wrap(in.readNBytes(BYTES)).asReadOnlyBuffer();
        } catch (IOException e) {
            return null;
        }
    }

    static Map<String, String> parse(String output) {
        Map<String, String> values = new HashMap<>();
        output.lines()
                .forEach(line -> {
                    int colon = line.indexOf(':');
                    if (colon > 0) {
                        String key = line.substring(0, colon).strip();
                        String name =
                                key.startsWith("Current ")
                                        ? key.substring("Current ".length())
                                        : key;
                        values.put(name, line.substring(colon + 1).strip());
                    }
                });
        return values;
    }

    private @Nullable ControlData control(Map<String, String> values, Duration atMost)
            throws InterruptedException {
        ControlData plain = control(values);
        if (plain == null || plain.state() != ControlData.State.SHUT_DOWN) {
            return plain;
        }
        WalRecords wal = new WalRecords(data, binaries, runner);
        return new ControlData(
                plain.systemId(),
                plain.state(),
                plain.checkpoint(),
                plain.timeline(),
                plain.minRecoveryEnd(),
                plain.minRecoveryTimeline(),
                plain.rewindable(),
                wal.shutdown(plain.timeline(), plain.checkpoint(), atMost));
    }

    static @Nullable ControlData control(Map<String, String> values) {
        try {
            String recoveryEnd = values.getOrDefault("Minimum recovery ending location", "0/0");
            String recoveryTimeline =
                    values.getOrDefault("Min recovery ending loc's timeline", "0");
            return new ControlData(
                    new SystemId(values.getOrDefault("Database system identifier", "")),
                    ControlData.State.of(values.getOrDefault("Database cluster state", "")),
                    Lsn.parse(values.getOrDefault("Latest checkpoint location", "")),
                    Timeline.of(
                            Integer.parseInt(
                                    values.getOrDefault("Latest checkpoint's TimeLineID", ""))),
                    recoveryEnd.equals("0/0") ? null : Lsn.parse(recoveryEnd),
                    recoveryTimeline.equals("0")
                            ? null
                            : Timeline.of(Integer.parseInt(recoveryTimeline)),
                    "on".equals(values.get("wal_log_hints setting"))
                            || !"0".equals(values.getOrDefault("Data page checksum version", "0")),
                    null);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
