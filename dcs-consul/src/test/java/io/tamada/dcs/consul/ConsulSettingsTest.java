package io.tamada.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tamada.ha.model.ConfigDocument;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsulSettingsTest {

    private static ConsulSettings of(Map<String, Object> section) {
        return ConsulSettings.of(ConfigDocument.of(section));
    }

    private static String address(Map<String, Object> section) {
        return of(section).address().toString();
    }

    private static void wrong(Map<String, Object> section, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(section))
                .withMessageStartingWith("consul." + message);
    }

    @Test
    void the_agent_is_named_in_several_ways() {
        assertThat(address(Map.of())).isEqualTo("http://127.0.0.1:8500");
        assertThat(address(Map.of("host", "a"))).isEqualTo("http://a:8500");
        assertThat(address(Map.of("host", "a:1", "scheme", "HTTPS"))).isEqualTo("https://a:1");
        assertThat(address(Map.of("host", "[::1]", "port", 2))).isEqualTo("http://[::1]:2");
        assertThat(address(Map.of("url", "https://a/"))).isEqualTo("https://a:8500");
        wrong(Map.of("host", "a b"), "host: 'a b' is not host or host:port");
        wrong(Map.of("url", "ftp://a"), "url: must be http or https");
        wrong(Map.of("scheme", "ftp"), "scheme: must be http or https");
        wrong(Map.of("port", 70_000), "port: '70000' is not a port");
    }

    @Test
    void words_and_files_are_looked_at() {
        assertThat(of(Map.of()).consistency()).isEqualTo(ConsulSettings.Consistency.CONSISTENT);
        assertThat(of(Map.of("checks", "a, b")).checks()).containsExactly("a", "b");
        wrong(Map.of("consistency", "perhaps"), "consistency: 'perhaps' is not");
        wrong(
                Map.of("scheme", "https", "cacert", "/nowhere/ca.pem"),
                "cacert: /nowhere/ca.pem can't be read");
        wrong(
                Map.of("register_service", true, "service_check_interval", "5"),
                "service_check_interval: '5' is not a time with its unit");
    }

    @Test
    void the_token_is_not_shown() {
        assertThat(of(Map.of("token", "geheim")).toString()).doesNotContain("geheim");
    }

    @Test
    void services_have_names_that_dns_can_carry() {
        assertThat(ServiceEntry.serviceName("My_db.ä 1")).isEqualTo("my-db-u0228-1");
        assertThat(ServiceEntry.serviceName("x".repeat(300))).hasSize(230);
    }

    @Test
    void a_member_that_does_not_run_or_has_no_address_is_no_service() {
        ServiceEntry.Template template =
                new ServiceEntry.Template(
                        "demo",
                        "a",
                        new ConsulSettings.Service(List.of(), "5s", null),
                        Duration.ofSeconds(30));
        String running =
                "{\"state\":\"running\",\"role\":\"standby_leader\",\"conn_url\":\"postgres://h/p\",\"api_url\":\"https://h:8008/patroni\"}";
        assertThat(template.of(running))
                .isEqualTo(
                        new ServiceEntry(
                                "h",
                                5432,
                                List.of("standby-leader"),
                                "https://h:8008/standby_leader"));
        assertThat(template.of(running.replace("running", "starting"))).isNull();
        assertThat(template.of(running.replace("standby_leader", "demoted"))).isNull();
        assertThat(template.of(running.replace("postgres://h/p", ""))).isNull();
        assertThat(template.of("no json")).isNull();
    }

    @Test
    void the_minimum_is_read_from_the_refusal() {
        assertThat(
                        ConsulSessions.shortest(
                                "Invalid Session TTL '1000000000', must be between [1m10s, 24h0m0s]"))
                .isEqualTo(Duration.ofSeconds(70));
        assertThat(
                        ConsulSessions.shortest(
                                "Invalid Session TTL '3000000000', must be between [10s=10000000000, 24h0m0s=86400000000000]"))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(ConsulSessions.shortest("another refusal")).isNull();
    }
}
