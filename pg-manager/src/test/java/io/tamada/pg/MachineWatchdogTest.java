package io.tamada.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.time.SystemTime;
import io.tamada.pg.guard.MachineWatchdog;
import io.tamada.pg.guard.WatchdogSettings;
import io.tamada.testkit.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a watchdog's device is told, by the driver that writes it down.
class MachineWatchdogTest {

    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration LOOP_WAIT = Duration.ofSeconds(10);

    @TempDir Path folder;
    private final ManualTime time = new ManualTime();
    private Path device;

    @BeforeEach
    void makeDevice() throws IOException {
        device = Files.createFile(folder.resolve("device"));
    }

    private WatchdogSettings settings(Object... more) {
        Map<String, @Nullable Object> section = new LinkedHashMap<>();
        section.put("driver", "testing");
        section.put("device", device.toString());
        section.put("mode", "required");
        for (int i = 0; i < more.length; i += 2) {
            section.put(more[i].toString(), more[i + 1]);
        }
        return WatchdogSettings.of(ConfigDocument.of(section));
    }

    private MachineWatchdog watchdog(Object... more) {
        return new MachineWatchdog(settings(more), time);
    }

    private long edgeIn(Duration duration) {
        return time.nanos() + duration.toNanos();
    }

    private String told() throws IOException {
        return Files.readString(device);
    }

    @Test
    void it_is_armed_fed_with_each_renewed_lease_and_disarmed() throws IOException {
        MachineWatchdog watchdog = watchdog();
        assertThat(watchdog.isHealthy()).isTrue();
        watchdog.keepAlive(edgeIn(TTL));
        assertThat(told()).as("not before it is armed").isEmpty();

        assertThat(watchdog.activate(TTL, LOOP_WAIT)).isTrue();
        assertThat(watchdog.activate(TTL, LOOP_WAIT)).isTrue();
        assertThat(told()).isEqualTo("Ctimeout=25\n1");
        watchdog.keepAlive(edgeIn(TTL));
        assertThat(told()).isEqualTo("Ctimeout=25\n11");
        watchdog.disable();
        watchdog.disable();
        watchdog.keepAlive(edgeIn(TTL));
        assertThat(told()).isEqualTo("Ctimeout=25\n11V");
    }

    @Test
    void a_lease_whose_renewal_took_long_gets_less_time() throws IOException {
        MachineWatchdog watchdog = watchdog();
        watchdog.activate(TTL, LOOP_WAIT);
        watchdog.keepAlive(edgeIn(Duration.ofMillis(21_900)));
        watchdog.keepAlive(edgeIn(TTL));
        watchdog.keepAlive(edgeIn(Duration.ofMillis(900)));
        assertThat(told())
                .as("never beyond the edge, and not at all for what is nearly over")
                .isEqualTo("Ctimeout=25\n1Ctimeout=21\n1Ctimeout=25\n1");
    }

    @Test
    void a_changed_ttl_is_told_with_the_next_renewal() throws IOException {
        MachineWatchdog watchdog = watchdog("safety_margin", -1);
        watchdog.activate(TTL, LOOP_WAIT);
        watchdog.activate(Duration.ofSeconds(40), LOOP_WAIT);
        watchdog.keepAlive(edgeIn(Duration.ofSeconds(40)));
        assertThat(told()).isEqualTo("Ctimeout=15\n1Ctimeout=20\n1");
    }

    @Test
    void a_time_shorter_than_loop_wait_won_t_do() throws IOException {
        MachineWatchdog watchdog = watchdog();
        assertThat(watchdog.activate(Duration.ofSeconds(5), Duration.ofSeconds(1))).isFalse();
        assertThat(watchdog.isHealthy()).as("it does not race to be refused again").isFalse();
        assertThat(told()).isEmpty();

        time.advance(Duration.ofMinutes(2));
        assertThat(watchdog.isHealthy()).isTrue();
        assertThat(watchdog.activate(TTL, LOOP_WAIT)).isTrue();
        watchdog.activate(Duration.ofSeconds(5), Duration.ofSeconds(1));
        watchdog.keepAlive(edgeIn(Duration.ofSeconds(5)));
        assertThat(told()).as("rather none than a reset").isEqualTo("Ctimeout=25\n1V");
        assertThat(watchdog.activate(Duration.ofSeconds(5), Duration.ofSeconds(1))).isFalse();
    }

    @Test
    void without_a_device_only_who_requires_one_can_t_lead() {
        String missing = folder.resolve("missing").toString();
        MachineWatchdog required = watchdog("device", missing);
        assertThat(required.isHealthy()).isFalse();
        assertThat(required.activate(TTL, LOOP_WAIT)).isFalse();
        MachineWatchdog automatic = watchdog("device", missing, "mode", "automatic");
        assertThat(automatic.isHealthy()).isTrue();
        assertThat(automatic.activate(TTL, LOOP_WAIT)).isTrue();
    }

    @Test
    void a_file_is_no_watchdog_of_the_kernel() throws IOException {
        assertThat(watchdog("driver", "default").activate(TTL, LOOP_WAIT)).isFalse();
        assertThat(told()).isEmpty();
    }

    @Test
    void a_pipe_that_nobody_reads_blocks_nobody() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        MachineWatchdog watchdog =
                new MachineWatchdog(settings("device", pipe.toString()), new SystemTime());
        assertThat(watchdog.activate(TTL, LOOP_WAIT)).isFalse();
    }

    @Test
    void off_is_off_also_when_it_comes_by_a_reload() throws IOException {
        assertThat(watchdog("mode", "off").activate(TTL, LOOP_WAIT)).isTrue();
        assertThat(told()).isEmpty();

        MachineWatchdog watchdog = watchdog();
        watchdog.activate(TTL, LOOP_WAIT);
        watchdog.reload(settings("safety_margin", 10));
        assertThat(told()).isEqualTo("Ctimeout=25\n1");
        watchdog.keepAlive(edgeIn(TTL));
        assertThat(told()).isEqualTo("Ctimeout=25\n1Ctimeout=20\n1");
        watchdog.reload(settings("mode", "off"));
        watchdog.keepAlive(edgeIn(TTL));
        assertThat(told()).endsWith("1V");
    }

    @Test
    void an_agent_that_ends_while_it_may_be_writable_leaves_it_armed() throws IOException {
        MachineWatchdog watchdog = watchdog();
        watchdog.activate(TTL, LOOP_WAIT);
        watchdog.close();
        assertThat(told()).isEqualTo("Ctimeout=25\n1");
    }

    @Test
    void an_unknown_driver_is_named() {
        assertThatThrownBy(() -> settings("driver", "ipmi"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("watchdog.driver: ipmi");
    }
}
