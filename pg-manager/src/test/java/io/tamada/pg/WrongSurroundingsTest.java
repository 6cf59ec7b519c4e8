package io.tamada.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the user got wrong around a server is told, costs no data, and needs nothing but being put
/// right.
@Tag("integration")
class WrongSurroundingsTest {

    private static final PostgresTask.Stop STOP =
            new PostgresTask.Stop(
                    PostgresTask.Stop.Mode.FAST, true, null, PostgresTask.Stop.Reason.SWITCHOVER);
    private static final PostgresTask START =
            new PostgresTask.StartStandby(Upstream.none(), false, TestServer.PATIENCE);

    @TempDir Path folder;
    private TestServer one;

    @BeforeEach
    void begin() {
        one = new TestServer("one", folder);
    }

    @AfterEach
    void end() {
        one.close();
    }

    private void use(String key, Object value) {
        one.section.put(key, value);
        one.restartAgent();
    }

    private String refused() {
        TaskResult result = one.run(START);
        assertThat(result).isInstanceOf(TaskResult.Failed.class);
        assertThat(one.data().resolve("global/pg_control")).exists();
        return ((TaskResult.Failed) result).problem();
    }

    private void startsAgain() {
        one.succeed(START);
        assertThat(one.look()).isInstanceOf(LocalPostgres.Standby.class);
    }

    @Test
    void aPreloadedLibraryThatIsMissing() {
        one.bootstrap();
        one.succeed(STOP);
        Map<String, Object> right = settingsSection("parameters");
        Map<String, Object> wrong = new HashMap<>(right);
        wrong.put("shared_preload_libraries", "no_such_library");
        use("parameters", wrong);

        assertThat(refused()).contains("no_such_library", "No such file");
        assertThat(((LocalPostgres.Stopped) one.look()).lastFailure()).contains("no_such_library");

        use("parameters", right);
        startsAgain();
    }

    @Test
    void programsThatAreNotThere() {
        one.bootstrap();
        one.succeed(STOP);
        use("bin_dir", folder.resolve("nowhere").toString());

        assertThat(refused()).contains("no program postgres", "nowhere", "postgresql.bin_dir");
        assertThat(one.look()).isInstanceOf(LocalPostgres.Stopped.class);

        one.section.remove("bin_dir");
        one.restartAgent();
        startsAgain();
    }

    @Test
    void dataOfAnotherMajorVersion() throws IOException {
        one.bootstrap();
        one.succeed(STOP);
        Path version = one.data().resolve("PG_VERSION");
        String right = Files.readString(version);
        Files.writeString(version, "11\n");
        one.restartAgent();

        assertThat(refused()).contains("is of PostgreSQL 11", "postgresql.bin_dir");
        assertThat(one.look()).isInstanceOf(LocalPostgres.Stopped.class);

        Files.writeString(version, right);
        one.restartAgent();
        startsAgain();
    }

    @Test
    void aCallbackThatHangs() {
        Path begun = folder.resolve("begun");
        use(
                "callbacks",
                Map.of(
                        "on_start",
                        Scripts.write(folder, "hang", "touch " + begun + "; exec sleep 600")
                                .toString(),
                        "on_stop",
                        Scripts.write(folder, "next", "touch " + folder.resolve("next"))
                                .toString()));
        one.bootstrap();
        TestServer.awaitTrue("the callback", () -> Files.exists(begun));

        one.succeed(STOP);

        TestServer.awaitTrue("the next one", () -> Files.exists(folder.resolve("next")));
        startsAgain();
    }

    @SuppressWarnings("unchecked") // The section is made of such maps.
    private Map<String, Object> settingsSection(String key) {
        return (Map<String, Object>) java.util.Objects.requireNonNull(one.section.get(key));
    }
}
