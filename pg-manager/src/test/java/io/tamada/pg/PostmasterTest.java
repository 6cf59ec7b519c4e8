package io.tamada.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.pg.process.OsProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which processes of a data directory without a pid file are left alone, and which aren't.
class PostmasterTest {

    @TempDir Path folder;
    private final List<Process> running = new ArrayList<>();
    private Path program;
    private Path data;

    @BeforeEach
    void makeProgram() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        program = Files.copy(Path.of("/bin/sleep").toRealPath(), folder.resolve("postgres-test"));
    }

    @AfterEach
    void endAll() {
        running.forEach(Process::destroyForcibly);
    }

    private OsProcess start() throws IOException {
        Process process =
                new ProcessBuilder(program.toString(), "600").directory(data.toFile()).start();
        running.add(process);
        return Objects.requireNonNull(OsProcess.of(process.pid()));
    }

    private Postmaster postmaster() {
        return new Postmaster(new DataDirectory(data), "postgres-test");
    }

    @Test
    void whatADeadServerHasLeftIsEnded() throws IOException {
        OsProcess session = start();
        assertThat(postmaster().killOrphans()).isTrue();
        assertThat(session.isAlive()).isFalse();
    }

    @Test
    void whatHasJustBeenStartedIsNoOrphan() throws IOException {
        Postmaster postmaster = postmaster();
        OsProcess server = Objects.requireNonNull(postmaster.launch(this::start));
        assertThat(postmaster.killOrphans()).isTrue();
        assertThat(server.isAlive()).isTrue();
    }

    @Test
    void aServerThatWasStartedAndDiedLeavesOrphansToo() throws IOException {
        Postmaster postmaster = postmaster();
        OsProcess server = Objects.requireNonNull(postmaster.launch(this::start));
        OsProcess session = start();
        assertThat(server.signal(io.tamada.pg.process.Signal.KILL)).isTrue();
        TestServer.awaitTrue("its end", () -> !server.isAlive());
        assertThat(postmaster.killOrphans()).isTrue();
        assertThat(session.isAlive()).isFalse();
    }
}
