package io.tamada.dcs.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// TLS as the files have it now: they are looked at for each new connection, so that a renewed
/// certificate counts without a restart.
///
/// While the files can't be used, for example half written or with a key of another certificate,
/// the ones before go on to count.
final class RenewedTls implements Supplier<SSLContext> {

    private static final System.Logger LOG = System.getLogger(RenewedTls.class.getName());

    private final RaftSettings.TlsFiles files;
    private SSLContext context;
    private List<FileTime> seen;

    /// @throws IllegalArgumentException when a file is missing or is not what it should be
    RenewedTls(RaftSettings.TlsFiles files) {
        this.files = files;
        this.seen = changed();
        this.context = PemFiles.context(files);
    }

    @Override
    public synchronized SSLContext get() {
        List<FileTime> now = changed();
        if (!now.equals(seen)) {
            seen = now;
            try {
                context = PemFiles.context(files);
                LOG.log(System.Logger.Level.INFO, "raft: the TLS files were read anew");
            } catch (IllegalArgumentException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        e.getMessage() + "; the ones read before still count");
            }
        }
        return context;
    }

    private List<FileTime> changed() {
        List<FileTime> times = new ArrayList<>();
        for (Path file : List.of(files.ca(), files.certificate(), files.key())) {
            try {
                times.add(Files.getLastModifiedTime(file));
            } catch (IOException _) {
                times.add(FileTime.fromMillis(0));
            }
        }
        return times;
    }
}
