package io.tamada.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    @Test
    void theCommonNotationsAreRead() {
        assertThat(HostPort.parse("10.0.0.1:8008", null))
                .contains(new HostPort(List.of("10.0.0.1"), 8008));
        assertThat(HostPort.parse("a, [::1]:5432", null))
                .contains(new HostPort(List.of("a", "::1"), 5432));
        assertThat(HostPort.parse("[fe80::1]:1", null))
                .contains(new HostPort(List.of("fe80::1"), 1));
        assertThat(HostPort.parse(":8008", null)).contains(new HostPort(List.of(), 8008));
        assertThat(HostPort.parse("host", 5432)).contains(new HostPort(List.of("host"), 5432));
        assertThat(HostPort.parse("::1", 5432)).contains(new HostPort(List.of("::1"), 5432));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "host:",
                "host:0",
                "host:65536",
                "host:x",
                "a b:1",
                "http://host:1"
            })
    void theRestIsNot(String text) {
        assertThat(HostPort.parse(text, null)).isEmpty();
    }
}
