package io.tamada.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tamada.ha.model.ConfigDocument;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EtcdSettingsTest {

    private static EtcdSettings settings(Map<String, Object> section) {
        return EtcdSettings.of("etcd3", ConfigDocument.of(section));
    }

    @Test
    void serversAreGivenInSeveralWays() {
        assertThat(settings(Map.of("hosts", "a:1, b ,[::1]:3")).endpoints())
                .containsExactly(
                        new Endpoint("a", 1), new Endpoint("b", 2379), new Endpoint("::1", 3));
        assertThat(settings(Map.of("hosts", List.of("a", "b:4"), "port", 99)).endpoints())
                .containsExactly(new Endpoint("a", 99), new Endpoint("b", 4));
        assertThat(settings(Map.of("host", "a")).endpoints())
                .containsExactly(new Endpoint("a", 2379));
        assertThat(settings(Map.of("url", "https://a:5", "host", "ignored")).endpoints())
                .containsExactly(new Endpoint("a", 5));
    }

    @Test
    void serversMayBeNamedByDns() {
        EtcdSettings named =
                settings(Map.of("srv", "example.org", "srv_suffix", "blue", "host", "ignored"));
        assertThat(named.endpoints()).isEmpty();
        assertThat(named.records()).isEqualTo(new ServiceRecords("example.org", "blue", null));
        assertThat(settings(Map.of("discovery_srv", "a.org")).records())
                .isEqualTo(new ServiceRecords("a.org", null, null));
        assertThat(settings(Map.of("url", "http://a:5", "srv", "ignored")).records()).isNull();
    }

    @Test
    void aProxyIsTheOnlyServer() {
        assertThat(settings(Map.of("proxy", "http://a:5")).discovers()).isFalse();
        assertThat(settings(Map.of("hosts", "a", "use_proxies", "on")).discovers()).isFalse();
        assertThat(settings(Map.of("hosts", "a")).discovers()).isTrue();
    }

    @Test
    void aUrlMayCarryUserAndPassword() {
        EtcdSettings.Login login =
                Objects.requireNonNull(settings(Map.of("url", "http://u:p@a:5")).login());
        assertThat(login.user()).isEqualTo("u");
        assertThat(login.password()).isEqualTo("p");
        assertThat(login.toString()).doesNotContain("p]").doesNotContain("=p");
    }

    @ParameterizedTest
    @CsvSource({
        "hosts, 'a:b', etcd3.hosts",
        "hosts, 'a:70000', etcd3.hosts",
        "url, 'nonsense nonsense', etcd3.url",
        "port, 'many', etcd3.port",
        "use_proxies, 'maybe', etcd3.use_proxies",
        "protocol, 'gopher', etcd3.protocol",
        "username, 'u', etcd3.password",
    })
    void aWrongValueIsNamedWithItsPlace(String key, String value, String place) {
        Map<String, Object> section = new java.util.HashMap<>(Map.of("host", "a"));
        section.put(key, value);
        assertThatThrownBy(() -> settings(section))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(place + ": ");
    }

    @Test
    void filesOfTlsMustBeThere() {
        assertThatThrownBy(() ->
                        settings(
                                Map.of(
                                        "host", "a",
                                        "protocol", "https",
                                        "cacert", "/nowhere/ca.pem")))
                .hasMessageContaining("etcd3.cacert")
                .hasMessageContaining("/nowhere/ca.pem");
        assertThatThrownBy(() -> settings(Map.of()))
                .hasMessageStartingWith("etcd3.hosts: is missing");
    }

    @Test
    void everySettingThatIsReadIsDescribed() {
        assertThat(EtcdSettings.DESCRIBED.stream().map(s -> s.name()))
                .contains("hosts", "host", "port", "url", "proxy", "use_proxies", "protocol")
                .contains("cacert", "cert", "key", "username", "password");
        assertThat(EtcdSettings.DESCRIBED.stream().filter(s -> s.secret()).map(s -> s.name()))
                .containsExactly("password");
    }
}
