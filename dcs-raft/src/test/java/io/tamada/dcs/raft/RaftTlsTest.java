package io.tamada.dcs.raft;

import static io.tamada.dcs.raft.RaftGroup.in;
import static io.tamada.dcs.raft.RaftGroupTest.keys;
import static io.tamada.dcs.raft.RaftGroupTest.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.KeyValueStore.Range;
import io.tamada.dcs.raft.wire.Address;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ConfigDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two members and a voter that speak TLS, and who else knows their password.
class RaftTlsTest {

    @TempDir @Nullable Path temporary;

    private @Nullable Certificates authority;
    private List<Address> addresses = List.of();

    @BeforeEach
    void makeFiles() throws Exception {
        Certificates ours = Certificates.authority(folder().resolve("ours"));
        Certificates.replace(file("ca"), ours.ca());
        Certificates.replace(file("node"), ours.sign("node"));
        authority = ours;
        addresses = RaftGroup.freeAddresses(3);
    }

    private Path folder() {
        return Objects.requireNonNull(temporary);
    }

    private Certificates ours() {
        return Objects.requireNonNull(authority);
    }

    private Path file(String name) {
        return folder().resolve(name + ".crt");
    }

    private static Map<String, Object> tls(Path ca, Path certificate) {
        return Map.of("cafile", ca.toString(), "certfile", certificate.toString());
    }

    private RaftSettings settings(@Nullable Address self, Map<String, Object> tls) {
        Map<String, Object> section = new HashMap<>(tls);
        section.put("partner_addrs", addresses.stream().map(Address::toString).toList());
        section.put("data_dir", folder().toString());
        section.put("password", "secret");
        if (self != null) {
            section.put("self_addr", self.toString());
        }
        return RaftSettings.of(ConfigDocument.of(section));
    }

    private RaftStore client(Map<String, Object> tls) {
        RaftSettings settings = settings(null, tls);
        return RaftProvider.client(
                settings, RaftProvider.network(settings), RaftGroup.PATHS, RaftGroup.TIME);
    }

    private RaftStore member(int member) {
        RaftSettings settings = settings(addresses.get(member), tls(file("ca"), file("node")));
        return RaftProvider.node(
                settings, RaftProvider.network(settings), RaftGroup.PATHS, RaftGroup.TIME);
    }

    private RaftNode voter(int member) throws IOException {
        Path config = folder().resolve("voter.yml");
        Files.writeString(
                config,
                """
                raft:
                  self_addr: %s
                  partner_addrs: ['%s', '%s']
                  data_dir: %s
                  password: secret
                  cafile: %s
                  certfile: %s
                """
                        .formatted(
                                addresses.get(member),
                                addresses.get((member + 1) % 3),
                                addresses.get((member + 2) % 3),
                                folder(),
                                file("ca"),
                                file("node")));
        return Objects.requireNonNull(
                VoterMain.started(new String[] {config.toString()}, System.err));
    }

    private static void isKeptOut(RaftStore stranger) throws InterruptedException {
        try (stranger) {
            assertThat(stranger.range(in(1))).isInstanceOf(Range.Unknown.class);
            assertThat(stranger.put("a", "mine", Precondition.whatever(), null, in(1)))
                    .isInstanceOf(WriteResult.Unknown.class);
        }
    }

    @Test
    void whoHasNoCertificateOfTheAuthorityGetsAndChangesNothing() throws Exception {
        Certificates others = Certificates.authority(folder().resolve("others"));
        Path known = ours().sign("client");
        try (RaftStore first = member(0);
                RaftStore second = member(1);
                RaftNode _ = voter(2);
                RaftStore friend = client(tls(file("ca"), known))) {
            write(first, "a");
            assertThat(keys(second)).containsExactly("a");
            isKeptOut(client(tls(file("ca"), others.sign("stranger"))));
            isKeptOut(client(tls(others.ca(), known)));
            isKeptOut(client(tls(file("ca"), ours().sign("expired", "-10d"))));
            isKeptOut(client(Map.of()));
            assertThat(keys(friend)).containsExactly("a");
            assertThat(first.put("a", "v2", Precondition.whatever(), null, in(20)).isApplied())
                    .isTrue();
        }
    }

    @Test
    void renewedFilesCountForNewConnections() throws Exception {
        Certificates next = Certificates.authority(folder().resolve("next"));
        Path known = ours().sign("client");
        Path renewed = next.sign("client");
        try (RaftStore first = member(0);
                RaftStore second = member(1);
                RaftNode _ = voter(2)) {
            write(first, "a");
            // The new authority is known to all before anybody shows what it signed.
            Certificates.replace(file("ca"), ours().ca(), next.ca());
            Certificates.replace(file("node"), next.sign("node"));
            try (RaftStore old = client(tls(file("ca"), known))) {
                assertThat(keys(old)).containsExactly("a");
            }
            Certificates.replace(file("ca"), next.ca());
            isKeptOut(client(tls(next.ca(), known)));
            Files.writeString(file("node"), "half written");
            try (RaftStore friend = client(tls(next.ca(), renewed))) {
                write(friend, "b");
            }
            assertThat(keys(second)).containsExactly("a", "b");
        }
    }
}
