package io.tamada.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What systemd hears of, on a real datagram socket.
class ServiceNoticeTest {

    @TempDir private Path directory;

    @Test
    void eachStateIsOneMessage() throws Throwable {
        hearsAll(directory.resolve("notify").toString());
    }

    @Test
    void theAbstractNamespaceIsMeantByAnAt() throws Throwable {
        hearsAll("@tamada-notice-" + ProcessHandle.current().pid());
    }

    private static void hearsAll(String path) throws Throwable {
        try (NotifySocket manager = new NotifySocket(path)) {
            ServiceNotice notice = new ServiceNotice(path);
            notice.ready();
            assertThat(manager.next()).isEqualTo("READY=1");
            notice.reloading();
            String first = manager.next();
            notice.reloading();
            assertThat(first).matches("RELOADING=1\nMONOTONIC_USEC=[1-9]\\d+");
            assertThat(micros(manager.next())).isGreaterThanOrEqualTo(micros(first));
            notice.ready();
            notice.stopping();
            assertThat(manager.next()).isEqualTo("READY=1");
            assertThat(manager.next()).isEqualTo("STOPPING=1");
            assertThat(manager.next()).isEmpty();
        }
    }

    private static long micros(String message) {
        return Long.parseLong(message.substring(message.lastIndexOf('=') + 1));
    }

    @Test
    void nobodyListeningIsNoTrouble() {
        new ServiceNotice(null).ready();
        new ServiceNotice(directory.resolve("nobody").toString()).ready();
        new ServiceNotice("x".repeat(200)).stopping();
    }
}
