package io.tamada.pg;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.Timeline;
import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Single records of the write-ahead log, as `pg_waldump` shows them.
final class WalRecords {

    private static final Pattern RECORD =
            Pattern.compile(
                    "rmgr: (\\S+)\\s.*?lsn: ([0-9A-F]+/[0-9A-F]+), prev ([0-9A-F]+/[0-9A-F]+), desc: (.*)");

    /// What the program says at the end of the log: the position it found no record at.
    private static final Pattern NO_RECORD_AT =
            Pattern.compile(
                    "error in WAL record at [0-9A-F]+/[0-9A-F]+: invalid record length at ([0-9A-F]+/[0-9A-F]+)");

    private static final Map<String, String> ENGLISH = Map.of("LANG", "C", "LC_ALL", "C");

    private final DataDirectory data;
    private final Binaries binaries;
    private final CommandRunner runner;

    record WalRecord(String manager, Lsn at, Lsn previous, String description) {}

    WalRecords(DataDirectory data, Binaries binaries, CommandRunner runner) {
        this.data = data;
        this.binaries = binaries;
        this.runner = runner;
    }

    /// After a clean shutdown: the shutdown record, and the one before it when that is only a
    /// switch of the WAL file. What can't be read counts as the checkpoint itself; null when the
    /// checkpoint is no shutdown.
    ControlData.@Nullable Shutdown shutdown(Timeline timeline, Lsn checkpoint, Duration atMost)
            throws InterruptedException {
        WalRecord record = parse(dump(timeline, checkpoint, 1, atMost).out());
        if (record == null) {
            return new ControlData.Shutdown(checkpoint, checkpoint);
        }
        if (!record.manager().equals("XLOG")
                || !record.description().toLowerCase(java.util.Locale.ROOT).contains("shutdown")) {
            return null;
        }
        WalRecord before = parse(dump(timeline, record.previous(), 1, atMost).out());
        boolean isSwitch =
                before != null
                        && before.manager().equals("XLOG")
                        && before.description().startsWith("SWITCH");
        return new ControlData.Shutdown(checkpoint, isSwitch ? record.previous() : checkpoint);
    }

    /// Where the record that begins at `start` ends, when it is the last one; null when that can't
    /// be told.
    @Nullable Lsn endOfLast(Timeline timeline, Lsn start, Duration atMost)
            throws InterruptedException {
        Matcher m = NO_RECORD_AT.matcher(dump(timeline, start, 2, atMost).err());
        return m.find() ? Lsn.parse(m.group(1)) : null;
    }

    private CommandResult dump(Timeline timeline, Lsn start, int records, Duration atMost)
            throws InterruptedException {
        String program = data.version().atLeast(100_000) ? "pg_waldump" : "pg_xlogdump";
        return runner.run(
                Command.of(
                                binaries.path(program),
                                "-t",
                                timeline.toString(),
                                "-p",
                                data.walDirectory().toString(),
                                "-n",
                                Integer.toString(records),
                                "-s",
                                start.toString())
                        .with(ENGLISH),
                atMost);
    }

    static @Nullable WalRecord parse(String line) {
        Matcher m = RECORD.matcher(line);
        return m.find()
                ? new WalRecord(
                        m.group(1), Lsn.parse(m.group(2)), Lsn.parse(m.group(3)), m.group(4))
                : null;
    }
}
