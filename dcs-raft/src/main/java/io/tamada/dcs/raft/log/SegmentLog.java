package io.tamada.dcs.raft.log;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.codec.LogEntryDecoder;
import com.alipay.sofa.jraft.entity.codec.LogEntryEncoder;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The consensus library's log in segment files.
///
/// What an append acknowledged is on disk: each batch is written and synced before the call
/// returns. A failed write makes the library stop the node, which is right: what is on disk then is
/// known only after opening it again.
public final class SegmentLog implements LogStorage {

    private static final System.Logger LOG = System.getLogger(SegmentLog.class.getName());

    private final SegmentFiles files;
    private final Appending appending;
    private final Object lock = new Object();
    private @Nullable LogEntryEncoder encoder;
    private @Nullable LogEntryDecoder decoder;

    /// Hears of entries that came in, before they are written.
    public interface Appending {
        void received(long firstIndex, int count);
    }

    public SegmentLog(Path folder, int segmentBytes, Appending appending) {
        this.appending = appending;
        files = new SegmentFiles(folder, segmentBytes);
    }

    @Override
    public boolean init(LogStorageOptions options) {
        synchronized (lock) {
            encoder = options.getLogEntryCodecFactory().encoder();
            decoder = options.getLogEntryCodecFactory().decoder();
            try {
                files.open();
                for (long index = files.firstIndex(); index <= files.lastIndex(); index++) {
                    learnMembers(options.getConfigurationManager(), entry(index));
                }
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
    }

    private static void learnMembers(ConfigurationManager members, LogEntry entry) {
        if (entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION) {
            ConfigurationEntry known = new ConfigurationEntry();
            known.setId(new LogId(entry.getId().getIndex(), entry.getId().getTerm()));
            known.setConf(new Configuration(entry.getPeers(), entry.getLearners()));
            if (entry.getOldPeers() != null) {
                known.setOldConf(new Configuration(entry.getOldPeers(), entry.getOldLearners()));
            }
            members.add(known);
        }
    }

    private LogEntry entry(long index) throws IOException {
        LogEntry entry = decoder == null ? null : decoder.decode(files.read(index));
        if (entry == null) {
            throw new CorruptLogException(
                    "entry " + index + " is in a format that this program does not know");
        }
        return entry;
    }

    @Override
    public void shutdown() {
        synchronized (lock) {
            files.close();
        }
    }

    @Override
    public long getFirstLogIndex() {
        synchronized (lock) {
            return files.firstIndex();
        }
    }

    /// Zero when there is none, as the library expects it.
    @Override
    public long getLastLogIndex() {
        synchronized (lock) {
            return files.isEmpty() ? 0 : files.lastIndex();
        }
    }

    @Override
    public @Nullable LogEntry getEntry(long index) {
        synchronized (lock) {
            if (index < files.firstIndex() || index > files.lastIndex()) {
                return null;
            }
            try {
                return entry(index);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.ERROR, "the log cannot be read: " + e.getMessage());
                return null;
            }
        }
    }

    @Deprecated
    @Override
    public long getTerm(long index) {
        LogEntry entry = getEntry(index);
        return entry == null ? 0 : entry.getId().getTerm();
    }

    @Override
    public boolean appendEntry(LogEntry entry) {
        return appendEntries(List.of(entry)) == 1;
    }

    @Override
    public int appendEntries(List<LogEntry> entries) {
        if (entries == null || entries.isEmpty()) {
            return 0;
        }
        appending.received(entries.getFirst().getId().getIndex(), entries.size());
        return changed(
                        "append to",
                        () -> {
                            List<byte[]> bodies = new ArrayList<>(entries.size());
                            for (LogEntry entry : entries) {
                                bodies.add(encoder == null ? new byte[0] : encoder.encode(entry));
                            }
                            files.append(entries.getFirst().getId().getIndex(), bodies);
                        })
                ? entries.size()
                : 0;
    }

    @Override
    public boolean truncatePrefix(long firstIndexKept) {
        return changed("drop the start of", () -> files.truncateBefore(firstIndexKept));
    }

    @Override
    public boolean truncateSuffix(long lastIndexKept) {
        return changed("drop the end of", () -> files.truncateAfter(lastIndexKept));
    }

    @Override
    public boolean reset(long nextLogIndex) {
        return changed("start anew", () -> files.startAnew(nextLogIndex));
    }

    private boolean changed(String what, Change change) {
        synchronized (lock) {
            try {
                change.make();
                return true;
            } catch (IOException e) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "cannot " + what + " the log: " + e.getMessage());
                return false;
            }
        }
    }

    private interface Change {
        void make() throws IOException;
    }
}
