package io.tamada.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tamada.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher as process 1 of a container without an init, with a program in place of the JVM.
class FirstProcessTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> CONTAINER =
            List.of("unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc");

    /// Leaves children of children behind, which process 1 inherits.
    private static final String PROGRAM =
            """
            #!/bin/sh
            trap 'echo told to reload' HUP
            trap 'echo told to stop; exit 7' TERM
            for i in 1 2 3; do ( (sleep 0.1) & ) ; done
            echo ready
            while :; do sleep 0.05; done
            """;

    @TempDir private Path folder;

    private @Nullable Process running;

    @AfterEach
    void end() {
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
        }
    }

    private Process start() throws IOException, InterruptedException {
        Process allowed =
                new ProcessBuilder(Stream.concat(CONTAINER.stream(), Stream.of("true")).toList())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assumeTrue(
                allowed.waitFor(10, TimeUnit.SECONDS) && allowed.exitValue() == 0,
                "this machine gives users no process namespaces of their own");
        Path java = Files.createDirectories(folder.resolve("jvm/bin")).resolve("java");
        Files.writeString(java, PROGRAM);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve("jvm/release"), "JAVA_VERSION=\"25.0.1\"\n");
        ProcessBuilder builder =
                new ProcessBuilder(
                        Stream.concat(
                                        CONTAINER.stream(),
                                        Stream.of("sh", "src/main/dist/bin/tamada", "node.yml"))
                                .toList());
        builder.environment().put("JAVA_HOME", folder.resolve("jvm").toString());
        Process container =
                builder.redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile())
                        .start();
        running = container;
        return container;
    }

    private void awaitSaid(String text) {
        Eventually.await(
                "it says: " + text,
                PATIENCE,
                () -> Files.readString(folder.resolve("said")).contains(text));
    }

    private void signal(String name, ProcessHandle to) throws IOException, InterruptedException {
        int code =
                new ProcessBuilder("kill", "-" + name, Long.toString(to.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
        assertThat(code).isZero();
    }

    @Test
    void signalsAreHandedOnOrphansAreWaitedForAndTheCodeIsTheProgramsOwn() throws Exception {
        Process container = start();
        awaitSaid("ready");
        ProcessHandle first = container.children().findFirst().orElseThrow();
        Eventually.await(
                "of what was left behind nothing is there, not even a zombie",
                PATIENCE,
                () -> first.children().count() == 1);

        signal("HUP", first);
        awaitSaid("told to reload");
        signal("TERM", first);
        awaitSaid("told to stop");
        assertThat(container.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(container.exitValue()).isEqualTo(7);
    }
}
