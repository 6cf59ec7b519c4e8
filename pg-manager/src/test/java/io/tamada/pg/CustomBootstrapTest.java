package io.tamada.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clusters that are born from something else than `initdb`: a backup, here that of a real server.
@Tag("integration")
class CustomBootstrapTest {

    @TempDir Path folder;
    private TestServer made;

    @BeforeEach
    void begin() {
        made = new TestServer("made", folder);
    }

    @AfterEach
    void end() {
        made.close();
    }

    private void use(Map<String, ?> method) {
        made.bootstrapSection.putAll(Map.of("method", "restore", "restore", method));
        made.restartAgent();
    }

    @Test
    void theNewClusterEndsAtTheRecoveryTarget() throws IOException {
        Path archive = Files.createDirectory(folder.resolve("archive"));
        try (TestServer old = new TestServer("old", folder)) {
            old.section.put(
                    "parameters",
                    Map.of(
                            "unix_socket_directories",
                            folder.toString(),
                            "archive_mode",
                            "on",
                            "archive_command",
                            "cp %p " + archive + "/%f"));
            old.restartAgent();
            old.bootstrap();
            try (TestServer backup = new TestServer("backup", folder)) {
                backup.succeed(new PostgresTask.Clone(old.upstream(), false));
            }
            old.sql("CREATE TABLE public.t AS SELECT 1 AS x");
            old.sql("SELECT pg_create_restore_point('here')");
            old.sql("INSERT INTO public.t VALUES (2)");
            String file = old.sql("SELECT pg_walfile_name(pg_switch_wal())");
            TestServer.awaitTrue("the archive", () -> Files.exists(archive.resolve(file)));
        }
        use(
                Map.of(
                        "command",
                        Scripts.write(
                                        folder,
                                        "restore",
                                        "printf '%%s\\n' \"$@\" > '%s'; cp -a '%s' '%s'; rm -f '%3$s/standby.signal'; chmod 755 '%3$s'"
                                                .formatted(
                                                        folder.resolve("arguments"),
                                                        folder.resolve("backup"),
                                                        made.data()))
                                .toString(),
                        "no_params",
                        true,
                        "from",
                        "old",
                        "recovery_conf",
                        Map.of(
                                "restore_command",
                                "cp " + archive + "/%f %p",
                                "recovery_target_name",
                                "here",
                                "recovery_target_action",
                                "promote")));
        made.bootstrapSection.put(
                "post_bootstrap",
                Scripts.write(folder, "post", "psql -d \"$1\" -c 'CREATE TABLE public.born()'")
                        .toString());
        made.restartAgent();

        made.succeed(new PostgresTask.Initialize());
        made.await("the end of recovery", s -> s instanceof LocalPostgres.Primary);
        made.succeed(new PostgresTask.FinishBootstrap());

        assertThat(Files.readAllLines(folder.resolve("arguments")))
                .isEqualTo(List.of("--from=old"));
        assertThat(made.sql("SELECT max(x) FROM public.t")).isEqualTo("1");
        assertThat(made.sql("SELECT count(*) FROM public.born")).isEqualTo("0");
        assertThat(made.sql("SELECT current_user", made.settings().rewind)).isEqualTo("rewinder");
        assertThat(made.primary().server().timeline()).isNotNull();
        assertThat(Files.readString(made.data().resolve("postgresql.conf")))
                .doesNotContain("recovery_target");
    }

    @Test
    void aMethodThatFailsSaysWhyAndTheMemberCanTryAgain() {
        use(Map.of("command", "sh -c 'echo no backup in the vault >&2; exit 7' x"));

        TaskResult.Failed failed = (TaskResult.Failed) made.run(new PostgresTask.Initialize());

        assertThat(failed.problem()).contains("restore", "no backup in the vault", "7");
        assertThat(made.look()).isEqualTo(new LocalPostgres.NoData(null));
        made.bootstrapSection.put("method", "initdb");
        made.restartAgent();
        made.bootstrap();
    }

    @Test
    void aFailedPostBootstrapFailsTheBootstrap() {
        made.bootstrapSection.put("post_init", "sh -c 'echo seeds are missing >&2; exit 1' x");
        made.restartAgent();
        made.succeed(new PostgresTask.Initialize());

        TaskResult.Failed failed = (TaskResult.Failed) made.run(new PostgresTask.FinishBootstrap());

        assertThat(failed.problem()).contains("seeds are missing");
    }

    @Test
    void rolesAreMadeAlsoWhenTheNewServerIsBusyForLongerThanAnOrdinaryQuestionMayTake() {
        Path held = folder.resolve("held");
        made.bootstrapSection.put(
                "post_init",
                Scripts.write(
                                folder,
                                "busy",
                                """
                                mkfifo '%1$s'
                                psql -d "$1" -c BEGIN -c 'LOCK TABLE pg_authid IN SHARE MODE' \\
                                    -c '\\! echo >%1$s' -c 'SELECT pg_sleep(5)' >/dev/null 2>&1 &
                                cat '%1$s'
                                """
                                        .formatted(held))
                        .toString());
        made.restartAgent();
        made.succeed(new PostgresTask.Initialize());

        made.succeed(new PostgresTask.FinishBootstrap());

        assertThat(made.sql("SELECT current_user", made.settings().rewind)).isEqualTo("rewinder");
    }
}
