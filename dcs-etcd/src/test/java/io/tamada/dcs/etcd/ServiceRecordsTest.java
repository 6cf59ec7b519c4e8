package io.tamada.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.etcd.NameServer.Service;
import io.tamada.dcs.etcd.ServiceRecords.Found;
import io.tamada.ha.time.Deadline;
import io.tamada.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceRecordsTest {

    private NameServer names;

    @BeforeEach
    void start() throws Exception {
        names = new NameServer();
    }

    @AfterEach
    void stop() {
        names.close();
    }

    private ServiceRecords records(@Nullable String suffix) {
        return new ServiceRecords("example.org", suffix, names.url());
    }

    @Test
    void serversComeInTheOrderOfTheirPriority() {
        names.put(
                "_etcd-client._tcp.example.org",
                new Service(20, 2379, "b.example.org"),
                new Service(10, 2399, "a.example.org"));
        assertThat(records(null).find())
                .isEqualTo(
                        new Found(
                                List.of(
                                        new Endpoint("a.example.org", 2399),
                                        new Endpoint("b.example.org", 2379)),
                                false));
    }

    @Test
    void theServiceWithTlsComesFirst() {
        names.put("_etcd-client._tcp.example.org", new Service(0, 1, "plain"));
        names.put("_etcd-client-ssl._tcp.example.org", new Service(0, 2, "tls"));
        assertThat(records(null).find())
                .isEqualTo(new Found(List.of(new Endpoint("tls", 2)), true));
    }

    @Test
    void aSuffixTellsServicesOfOneDomainApart() {
        names.put("_etcd-client._tcp.example.org", new Service(0, 1, "one"));
        names.put("_etcd-client-blue._tcp.example.org", new Service(0, 2, "two"));
        assertThat(records("blue").find())
                .isEqualTo(new Found(List.of(new Endpoint("two", 2)), false));
    }

    @Test
    void aDomainWithoutRecordsHasNoServers() {
        assertThat(records(null).find()).isNull();
    }

    @Test
    void serversThatMoveAreFoundWhereTheyAre() {
        names.put("_etcd._tcp.example.org", new Service(0, 1, "127.0.0.1"));
        Channels channels = new Channels(List.of(), null);
        ServiceLookup lookup = new ServiceLookup(records(null), channels, EtcdServer.TIME);
        Eventually.await(
                "the first place",
                () -> {
                    lookup.require(Deadline.after(EtcdServer.TIME, Duration.ofSeconds(5)));
                    return channels.inOrder().equals(List.of(new Endpoint("127.0.0.1", 1)));
                });
        names.put("_etcd._tcp.example.org", new Service(0, 2, "127.0.0.1"));
        Eventually.await(
                "the second place",
                () -> {
                    lookup.nobodyAnswered();
                    return channels.inOrder().equals(List.of(new Endpoint("127.0.0.1", 2)));
                });
        channels.close();
    }
}
