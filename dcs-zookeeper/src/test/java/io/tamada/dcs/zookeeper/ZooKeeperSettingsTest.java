package io.tamada.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tamada.ha.model.ConfigDocument;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.Test;

class ZooKeeperSettingsTest {

    private static ZooKeeperSettings of(Map<String, Object> section) {
        return ZooKeeperSettings.of("zookeeper", ConfigDocument.of(section));
    }

    private static String servers(Object hosts) {
        return ZooKeeperSettings.connectString(of(Map.of("hosts", hosts)).servers());
    }

    private static void wrong(Map<String, Object> section, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(section))
                .withMessageStartingWith("zookeeper." + message);
    }

    @Test
    void hosts_are_a_list_or_a_text() {
        assertThat(servers("a:1, b,[::1]:3")).isEqualTo("a:1,b:2181,[::1]:3");
        assertThat(servers(List.of("a", "::1", "b:2"))).isEqualTo("a:2181,[::1]:2181,b:2");
    }

    @Test
    void what_is_no_host_is_told_of() {
        wrong(Map.of(), "hosts: is missing");
        wrong(Map.of("hosts", "a:b"), "hosts: 'a:b' is not host:port");
        wrong(Map.of("hosts", "a:70000"), "hosts: 'a:70000' is not host:port");
        wrong(Map.of("hosts", ":1"), "hosts: ':1' is not host:port");
    }

    @Test
    void access_lists_are_read() {
        ZooKeeperSettings settings =
                of(
                        Map.of(
                                "hosts",
                                "a",
                                "set_acls",
                                Map.of(
                                        "CN=one",
                                        List.of("ALL"),
                                        "digest:u:h",
                                        List.of("READ", "write"))));
        assertThat(settings.acls())
                .containsExactlyInAnyOrder(
                        new ACL(ZooDefs.Perms.ALL, new Id("x509", "CN=one")),
                        new ACL(ZooDefs.Perms.READ | ZooDefs.Perms.WRITE, new Id("digest", "u:h")));
        assertThat(of(Map.of("hosts", "a")).acls()).isEqualTo(ZooDefs.Ids.OPEN_ACL_UNSAFE);
        wrong(
                Map.of("hosts", "a", "set_acls", Map.of("x", List.of("SEE"))),
                "set_acls.x: 'SEE' is no permission");
        wrong(Map.of("hosts", "a", "set_acls", "x"), "set_acls: must be a mapping");
    }

    @Test
    void secrets_are_not_shown() {
        assertThat(of(Map.of("hosts", "a", "auth_data", Map.of("digest", "u:geheim"))))
                .asString()
                .contains("digest")
                .doesNotContain("geheim");
    }

    @Test
    void tls_needs_files_that_can_be_read() {
        wrong(
                Map.of("hosts", "a", "use_ssl", true, "cacert", "/nowhere/ca.pem"),
                "cacert: /nowhere/ca.pem can't be read");
        wrong(Map.of("hosts", "a", "use_ssl", "perhaps"), "use_ssl: 'perhaps' is neither");
        wrong(Map.of("hosts", "a", "use_ssl", true, "verify", false), "verify: false needs cacert");
        assertThat(of(Map.of("hosts", "a", "use_ssl", "off", "verify", false)).tls()).isNull();
    }
}
