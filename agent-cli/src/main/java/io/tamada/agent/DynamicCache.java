package io.tamada.agent;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import io.tamada.ha.HaNode;
import io.tamada.ha.HaStatus;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.HaTimings;
import io.tamada.ha.model.MemberRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A copy of the dynamic configuration beside the data, `patroni.dynamic.json`: in force until the
/// store has answered, and what a leader restores when the store has lost it.
final class DynamicCache implements AutoCloseable {

    static final String NAME = "patroni.dynamic.json";

    private static final System.Logger LOG = System.getLogger(DynamicCache.class.getName());
    private static final long LOOK_EVERY_MILLIS = 1000;

    private final Path dataDir;
    private final CountDownLatch closed = new CountDownLatch(1);

    DynamicCache(Path dataDir) {
        this.dataDir = dataDir;
    }

    /// What was kept; empty when there is nothing that can be used.
    Optional<ConfigDocument> read() {
        Path file = dataDir.resolve(NAME);
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            ConfigDocument kept = ConfigDocument.of(Json.parseObject(Files.readString(file)));
            return kept.root().isEmpty() ? Optional.empty() : Optional.of(kept);
        } catch (IOException | JsonException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} can''t be read and is ignored: {1}",
                    file,
                    e.getMessage());
            return Optional.empty();
        }
    }

    /// Keeps the copy up to date with what is in force, until closed.
    void follow(HaNode node) {
        Thread.ofVirtual()
                .name("dynamic-cache")
                .start(() -> {
                    ConfigDocument written = read().orElse(ConfigDocument.EMPTY);
                    try {
                        while (!closed.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                            HaStatus status = node.status();
                            boolean ours =
                                    status.view() != null
                                            && status.role() != MemberRole.UNINITIALIZED;
                            ConfigDocument current = adjusted(status);
                            if (ours
                                    && !current.root().isEmpty()
                                    && !current.equals(written)
                                    && write(current)) {
                                written = current;
                            }
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /// With the timings as they are in force.
    private static ConfigDocument adjusted(HaStatus status) {
        HaTimings timings = status.settings().timings();
        Map<String, @Nullable Object> root =
                new LinkedHashMap<>(status.settings().document().root());
        root.replace("ttl", timings.ttl().toSeconds());
        root.replace("loop_wait", timings.loopWait().toSeconds());
        root.replace("retry_timeout", timings.retryTimeout().toSeconds());
        return ConfigDocument.of(root);
    }

    private boolean write(ConfigDocument document) {
        if (!Files.exists(dataDir.resolve("PG_VERSION"))) {
            return false;
        }
        Path temporary = null;
        try {
            temporary = Files.createTempFile(dataDir, NAME, "");
            Files.writeString(temporary, Json.compact(document.root()));
            boolean forGroup =
                    Files.getPosixFilePermissions(dataDir).contains(PosixFilePermission.GROUP_READ);
            Set<PosixFilePermission> permissions =
                    PosixFilePermissions.fromString(forGroup ? "rw-r-----" : "rw-------");
            Files.setPosixFilePermissions(temporary, permissions);
            Files.move(
                    temporary,
                    dataDir.resolve(NAME),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} can''t be written: {1}",
                    dataDir.resolve(NAME),
                    e.toString());
            deleteQuietly(temporary);
            return false;
        }
    }

    private static void deleteQuietly(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0} is left behind: {1}", file, e.toString());
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
