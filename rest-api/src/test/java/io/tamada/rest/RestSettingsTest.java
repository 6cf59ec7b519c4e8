package io.tamada.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tamada.dcs.Json;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.rest.PeerSettings.Verification;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestSettingsTest {

    private static RestSettings of(String json) {
        return RestSettings.of(ConfigDocument.of(Json.parseObject(json)));
    }

    @Test
    void defaultsAreThoseOfTheReference() {
        RestSettings settings = of("{\"listen\": \"*:8008\"}");
        assertThat(settings.listen()).isEqualTo(new HostPort("", 8008));
        assertThat(settings.connectAddress()).isEqualTo(settings.listen());
        assertThat(settings.credentials()).isNull();
        assertThat(settings.tls()).isNull();
        assertThat(settings.serverTokens()).isEqualTo(RestSettings.ServerTokens.ORIGINAL);
        assertThat(of("{\"listen\": \"[::1]:8008\", \"connect_address\": \"db1:8009\"}").apiUrl())
                .isEqualTo("http://db1:8009/patroni");
        assertThat(of("{\"listen\": \"[::1]:8008\", \"certfile\": \"x\"}").apiUrl())
                .isEqualTo("https://[::1]:8008/patroni");
    }

    @Test
    void everythingIsRead() {
        RestSettings settings =
                of(
                        """
                        {"listen": "127.0.0.1:8008", "authentication": {"username": "u", "password": "geheim"},
                         "certfile": "c", "keyfile": "k", "keyfile_password": "geheim", "cafile": "a", "verify_client": "Optional",
                         "ciphers": "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384", "allowlist": ["a", "10.0.0.0/8"],
                         "allowlist_include_members": "on", "http_extra_headers": {"X": "1"}, "https_extra_headers": {"X": "2"},
                         "request_queue_size": 7, "server_tokens": "Minimal"}\
                        """);
        assertThat(settings.toString()).doesNotContain("geheim");
        RestSettings.Tls tls = Objects.requireNonNull(settings.tls());
        assertThat(tls.verifyClient()).isEqualTo(RestSettings.VerifyClient.OPTIONAL);
        assertThat(tls.ciphers())
                .containsExactly("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");
        assertThat(settings.allowlist()).containsExactly("a", "10.0.0.0/8");
        assertThat(settings.allowlistIncludeMembers()).isTrue();
        assertThat(settings.extraHeaders()).isEqualTo(Map.of("X", "2"));
        assertThat(settings.backlog()).isEqualTo(7);
        assertThat(settings.serverTokens().header()).startsWith("Tamada/").doesNotContain("Java");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | restapi.listen: is missing",
                "{\"listen\": \"8008\"} | restapi.listen: '8008' is not of the form host:port",
                "{\"listen\": \"x:99999\"} | restapi.listen: 'x:99999' is not",
                "{\"listen\": \"x:1\", \"connect_address\": \"y\"} | restapi.connect_address: 'y' is not",
                "{\"listen\": \"x:1\", \"verify_client\": \"maybe\"} | restapi.verify_client: 'maybe' is not none, optional or required",
                "{\"listen\": \"x:1\", \"verify_client\": \"required\"} | restapi.verify_client: required needs restapi.certfile",
                "{\"listen\": \"x:1\", \"certfile\": \"c\", \"verify_client\": \"required\"} | restapi.verify_client: required needs restapi.cafile",
                "{\"listen\": \"x:1\", \"server_tokens\": \"all\"} | restapi.server_tokens: 'all' is not",
                "{\"listen\": \"x:1\", \"allowlist\": 5} | restapi.allowlist: '5' is not a list",
                "{\"listen\": \"x:1\", \"request_queue_size\": 5000} | restapi.request_queue_size: '5000' is not a number from 0 to 4096",
                "{\"listen\": \"x:1\", \"http_extra_headers\": {\"a b\": 1}} | restapi.http_extra_headers.a b: '1' is not a header",
                "{\"listen\": \"x:1\", \"authentication\": {\"username\": \"u\"}} | restapi.authentication: username and password",
                "{\"listen\": \"x:1\", \"auth\": \"u\"} | restapi.auth: must be of the form user:password",
            })
    void wrongValuesAreNamed(String json, String message) {
        assertThatThrownBy(() -> of(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void peersAreVerifiedAsConfigured() {
        ConfigDocument restapi =
                ConfigDocument.of(
                        Map.of("auth", "u:p", "cafile", "ca", "certfile", "not for clients"));
        PeerSettings plain = PeerSettings.of(ConfigDocument.EMPTY, restapi);
        assertThat(plain.verification()).isEqualTo(Verification.NONE);
        assertThat(plain.credentials()).isEqualTo(new Credentials("u", "p"));
        assertThat(plain.cafile()).hasToString("ca");
        assertThat(plain.certfile()).isNull();
        assertThat(
                        PeerSettings.of(ConfigDocument.of(Map.of("certfile", "c")), restapi)
                                .verification())
                .isEqualTo(Verification.CHAIN);
        assertThat(
                        PeerSettings.of(ConfigDocument.of(Map.of("verify_peers", "full")), restapi)
                                .verification())
                .isEqualTo(Verification.FULL);
        assertThatThrownBy(() ->
                        PeerSettings.of(ConfigDocument.of(Map.of("verify_peers", "x")), restapi))
                .hasMessage("ctl.verify_peers: 'x' is not none, chain or full");
    }

    @Test
    void networksContainTheirAddresses() throws Exception {
        List<String> problems = new ArrayList<>();
        Networks networks =
                Networks.resolve(
                        List.of("10.1.0.0/15", "192.168.7.7", "fd00::/8", "0.0.0.0/33", "fd00::/x"),
                        problems);
        assertThat(networks.contains(InetAddress.getByName("10.0.255.255"))).isTrue();
        assertThat(networks.contains(InetAddress.getByName("10.2.0.0"))).isFalse();
        assertThat(networks.contains(InetAddress.getByName("192.168.7.7"))).isTrue();
        assertThat(networks.contains(InetAddress.getByName("192.168.7.8"))).isFalse();
        assertThat(networks.contains(InetAddress.getByName("fd12::1"))).isTrue();
        assertThat(networks.contains(InetAddress.getByName("fe80::1"))).isFalse();
        assertThat(problems).hasSize(2);
    }
}
