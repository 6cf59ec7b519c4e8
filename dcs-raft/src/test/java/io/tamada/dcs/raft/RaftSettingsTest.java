package io.tamada.dcs.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tamada.dcs.raft.wire.Address;
import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.model.ConfigDocument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftSettingsTest {

    @TempDir @Nullable Path folder;

    private static RaftSettings settings(Object... keysAndValues) {
        Map<String, Object> section = new HashMap<>();
        section.put("self_addr", "10.0.0.1:2222");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            section.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return RaftSettings.of(ConfigDocument.of(section));
    }

    private static void refused(String key, Object... keysAndValues) {
        assertThatThrownBy(() -> settings(keysAndValues))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }

    @Test
    void partnersAreAListOrOneLineAndNeverOurselves() {
        List<Address> expected = List.of(new Address("10.0.0.2", 2222), new Address("host", 1));
        assertThat(
                        settings(
                                        "partner_addrs",
                                        List.of("10.0.0.2:2222", "host:1", "10.0.0.1:2222"))
                                .partners())
                .isEqualTo(expected);
        assertThat(settings("partner_addrs", "10.0.0.2:2222, host:1").partners())
                .isEqualTo(expected);
        assertThat(settings().bind()).isEqualTo(new Address("10.0.0.1", 2222));
        assertThat(settings("bind_addr", "0.0.0.0:3").bind()).isEqualTo(new Address("0.0.0.0", 3));
        assertThat(Address.parse("[::1]:5").toString()).isEqualTo("[::1]:5");
    }

    @Test
    void timingKeysAreCheckedOnceOneIsGiven() {
        assertThat(settings().timing().election().toMillis()).isEqualTo(900);
        refused("min_timeout", "min_timeout", 0.3);
        refused("max_timeout", "max_timeout", 0.4);
        refused("connection_timeout", "connection_timeout", 1);
        refused("connection_retry_time", "connection_retry_time", -1);
        refused("leader_fallback_timeout", "leader_fallback_timeout", 0.1);
        refused("append_entries_period", "append_entries_period", "soon");
        assertThat(settings("min_timeout", 1, "max_timeout", "3").timing().election().toMillis())
                .isEqualTo(2000);
    }

    @Test
    void whatIsWrongIsNamed() {
        refused("bind_addr", "bind_addr", "nowhere");
        refused("partner_addrs", "partner_addrs", List.of("a"));
        refused("certfile", "cafile", "/tmp/ca.pem");
        assertThatThrownBy(() -> RaftSettings.of(ConfigDocument.EMPTY))
                .hasMessageContaining("self_addr");
        assertThat(settings("password", "hush").toString()).doesNotContain("hush");
    }

    @Test
    void foldersThatCannotBeUsedAreOneSentence() throws IOException {
        Path base = Objects.requireNonNull(folder);
        Address self = new Address("127.0.0.1", 7);
        Path file = Files.writeString(base.resolve("file"), "");
        assertThatThrownBy(() -> DataFolder.open(file, self))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("raft.data_dir");
        Files.createDirectories(base.resolve("raft-127.0.0.1_7"));
        Files.writeString(base.resolve("raft-127.0.0.1_7").resolve("PG_VERSION"), "15");
        assertThatThrownBy(() -> DataFolder.open(base, self)).hasMessageContaining("PG_VERSION");
        Files.delete(base.resolve("raft-127.0.0.1_7").resolve("PG_VERSION"));
        try (DataFolder first = DataFolder.open(base, self)) {
            assertThat(first.isFresh()).isTrue();
            assertThatThrownBy(() -> DataFolder.open(base, self)).hasMessageContaining("in use");
        }
        DataFolder.open(base, self).close();
    }

    @Test
    void theVoterSaysInOneLineWhatIsWrong() throws IOException {
        Path base = Objects.requireNonNull(folder);
        assertThat(voterSays()).contains("usage");
        assertThat(voterSays(base.resolve("missing.yml").toString())).contains("missing.yml");
        assertThat(voterSays(written("a: [1")).strip()).contains("a.yml:").doesNotContain("\n");
        assertThat(voterSays(written("scope: x"))).contains("raft");
        assertThat(voterSays(written("raft: {partner_addrs: ['127.0.0.1:1']}")))
                .contains("self_addr");
    }

    private String written(String yaml) throws IOException {
        return Files.writeString(Objects.requireNonNull(folder).resolve("a.yml"), yaml).toString();
    }

    private static String voterSays(String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(
                        VoterMain.started(
                                arguments, new PrintStream(bytes, true, StandardCharsets.UTF_8)))
                .isNull();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theProviderIsNamedAsAService() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(
                        RaftProvider.class.getResourceAsStream(
                                "/META-INF/services/io.tamada.ha.dcs.DcsProvider"))) {
            assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8).strip())
                    .isEqualTo(RaftProvider.class.getName());
        }
        assertThat(new RaftProvider().section()).isEqualTo("raft");
        assertThat(new RaftProvider().settings())
                .filteredOn(StoreSetting::secret)
                .extracting(StoreSetting::name)
                .containsExactly("password");
    }
}
