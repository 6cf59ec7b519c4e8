package io.tamada.pg;

import io.tamada.ha.time.SystemTime;
import io.tamada.pg.guard.LeaseGuard;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// An agent as far as the lease guard knows one: a process of its own, that can be killed and
/// frozen. It does what it is told on its standard input, and answers each line.
final class GuardedAgent implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;

    GuardedAgent(Path dataDirectory) throws IOException {
        String classes =
                System.getProperty("java.class.path")
                        + File.pathSeparator
                        + System.getProperty("jdk.module.path", "")
                        + File.pathSeparator
                        + "target/test-classes";
        process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-Dtamada.home=" + System.getProperty("tamada.home"),
                                "-cp",
                                classes,
                                GuardedAgent.class.getName(),
                                dataDirectory.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        answers = process.inputReader();
    }

    /// Holds the lease for that long from now on.
    void lead(Duration lease) throws IOException {
        tell("lead " + lease.toMillis());
    }

    void standDown() throws IOException {
        tell("down 0");
    }

    private void tell(String order) throws IOException {
        process.outputWriter().write(order + "\n");
        process.outputWriter().flush();
        String answer = answers.readLine();
        if (!order.equals(answer)) {
            throw new IOException("asked for '" + order + "' and got '" + answer + "'");
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /// The guards it has started and that still live.
    List<ProcessHandle> guards() {
        return process.toHandle().children().toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        SystemTime time = new SystemTime();
        LeaseGuard guard =
                LeaseGuard.start(LeaseGuard.Mode.REQUIRED, Path.of(arguments[0]), "postgres", time);
        BufferedReader orders =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String order = orders.readLine();
        while (order != null) {
            Duration lease = Duration.ofMillis(Long.parseLong(order.split(" ", -1)[1]));
            if (lease.isZero()) {
                guard.disable();
            } else {
                guard.keepAlive(time.nanos() + lease.toNanos());
                if (!guard.activate(lease, lease)) {
                    throw new IllegalStateException("no guard is on duty");
                }
            }
            System.out.println(order);
            order = orders.readLine();
        }
    }
}
