package io.tamada.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Upstream;
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

/// Replicas made by the user's methods and by base backups with options, from a real server.
@Tag("integration")
class ReplicaMethodsTest {

    @TempDir Path folder;
    private TestServer source;
    private TestServer replica;

    @BeforeEach
    void begin() {
        source = new TestServer("one", folder);
        replica = new TestServer("two", folder);
    }

    @AfterEach
    void end() {
        replica.close();
        source.close();
    }

    private String script(String name, String text) {
        return Scripts.write(folder, name, text).toString();
    }

    private void use(Map<String, ?> settings) {
        replica.section.putAll(settings);
        replica.restartAgent();
    }

    private TaskResult cloneFrom(Upstream upstream) {
        return replica.run(new PostgresTask.Clone(upstream, false));
    }

    private Path junk() {
        return replica.data().resolve("base/junk");
    }

    @Test
    void theFirstMethodThatWorksIsEnoughAndWhatFailedHalfWayIsGone() throws IOException {
        source.bootstrap();
        String halfway =
                script(
                        "halfway",
                        "mkdir -p '%1$s/base'; touch '%1$s/base/junk'; echo no such backup >&2; exit 3"
                                .formatted(replica.data()));
        String copy =
                script(
                        "copy",
                        """
                        printf '%%s\\n' "$@" > '%s'
                        for a; do case $a in
                            --datadir=*) to=${a#*=} ;;
                            --connstring=*) from=${a#*=} ;;
                        esac; done
                        exec pg_basebackup -w -c fast -D "$to" -d "$from"
                        """
                                .formatted(folder.resolve("arguments")));
        use(
                Map.of(
                        "create_replica_methods",
                        List.of("halfway", "copy", "basebackup"),
                        "halfway",
                        Map.of("command", halfway),
                        "copy",
                        Map.of("command", copy, "stanza", "main")));

        replica.cloneAndStart(source);

        assertThat(junk()).doesNotExist();
        assertThat(Files.readAllLines(folder.resolve("arguments")))
                .contains(
                        "--stanza=main",
                        "--scope=test",
                        "--role=replica",
                        "--datadir=" + replica.data())
                .anyMatch(a -> a.startsWith("--connstring=") && a.contains("user=repl"))
                .noneMatch(a -> a.contains("password"));
    }

    @Test
    void whenNoMethodWorksEachIsToldAndTheNextAttemptIsFree() {
        source.bootstrap();
        use(
                Map.of(
                        "create_replica_methods",
                        List.of("absent", "empty"),
                        "absent",
                        Map.of("command", folder.resolve("not-there").toString()),
                        "empty",
                        Map.of("command", "true")));

        TaskResult.Failed failed = (TaskResult.Failed) cloneFrom(source.upstream());

        assertThat(failed.problem()).contains("absent", "not-there", "empty", "left no cluster");
        assertThat(failed.retry()).isTrue();
        assertThat(replica.look()).isEqualTo(new LocalPostgres.NoData(null));
        use(Map.of("create_replica_methods", List.of("basebackup")));
        replica.cloneAndStart(source);
    }

    @Test
    void aMethodThatKeepsDataFindsItAndLosesNoneWhenItFails() throws IOException {
        source.bootstrap(replica);
        replica.succeed(
                new PostgresTask.Stop(
                        PostgresTask.Stop.Mode.FAST,
                        true,
                        null,
                        PostgresTask.Stop.Reason.SWITCHOVER));
        String delta =
                script(
                        "delta",
                        "echo \"$#$*\" > '%s'; test -e '%s/PG_VERSION' && exit $(cat '%s')"
                                .formatted(
                                        folder.resolve("told"),
                                        replica.data(),
                                        folder.resolve("code")));
        use(
                Map.of(
                        "create_replica_methods",
                        List.of("delta"),
                        "delta",
                        Map.of(
                                "command",
                                delta,
                                "keep_data",
                                true,
                                "no_params",
                                true,
                                "no_leader",
                                true)));
        Files.writeString(folder.resolve("code"), "1");

        assertThat(cloneFrom(Upstream.none())).isInstanceOf(TaskResult.Failed.class);
        assertThat(replica.data().resolve("global/pg_control")).exists();

        Files.writeString(folder.resolve("code"), "0");
        assertThat(cloneFrom(Upstream.none())).isEqualTo(TaskResult.success());
        assertThat(Files.readString(folder.resolve("told")).strip()).isEqualTo("0");
        replica.succeed(
                new PostgresTask.StartStandby(source.upstream(), false, TestServer.PATIENCE));
        replica.awaitStreaming();
    }

    @Test
    void withoutASourceOnlyMethodsThatNeedNoneAreTried() {
        use(
                Map.of(
                        "create_replica_methods",
                        List.of("basebackup", "needy"),
                        "needy",
                        Map.of("command", "true")));

        TaskResult.Failed failed = (TaskResult.Failed) cloneFrom(Upstream.none());

        assertThat(failed.problem()).contains("basebackup needs a running source", "no_leader");
    }

    @Test
    void aBaseBackupTakesItsOptionsTheWalDirectoryAndTablespaces() throws IOException {
        source.bootstrap();
        Path space = Files.createDirectory(folder.resolve("space"));
        source.sql("CREATE TABLESPACE space LOCATION '" + space + "'");
        source.sql("CREATE TABLE public.t TABLESPACE space AS SELECT 7 AS x");
        String mapping = space + "=" + folder.resolve("space2");
        use(
                Map.of(
                        "basebackup",
                        List.of(
                                "verbose",
                                Map.of("waldir", folder.resolve("wal").toString()),
                                Map.of("tablespace-mapping", mapping),
                                Map.of("host", "nowhere"))));
        replica.cloneAndStart(source);
        assertThat(replica.data().resolve("pg_wal").toRealPath())
                .isEqualTo(folder.resolve("wal").toRealPath());
        assertThat(folder.resolve("space2")).isNotEmptyDirectory();
        assertThat(replica.sql("SELECT x FROM public.t")).isEqualTo("7");

        assertThat(replica.manager.fence(replica.soon())).isTrue();
        use(
                Map.of(
                        "basebackup",
                        Map.of(
                                "max-rate",
                                "1000M",
                                "waldir",
                                folder.resolve("wal").toString(),
                                "tablespace-mapping",
                                mapping)));
        replica.cloneAndStart(source);
        assertThat(replica.sql("SELECT x FROM public.t")).isEqualTo("7");
    }
}
