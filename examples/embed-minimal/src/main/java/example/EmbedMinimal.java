package example;

import io.tamada.ha.HaAgent;
import io.tamada.ha.HaEvent;
import io.tamada.ha.HaStatus;
import io.tamada.ha.dcs.DcsProvider;
import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.HaTimings;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.time.SystemTime;
import io.tamada.ha.time.TimeSource;
import io.tamada.pg.PostgresManager;
import io.tamada.pg.PostgresSettings;
import io.tamada.rest.HttpPeerClient;
import io.tamada.rest.PeerSettings;
import io.tamada.rest.RestServer;
import io.tamada.rest.RestSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A member of a highly available PostgreSQL cluster inside a program of one's own.
///
/// `java example.EmbedMinimal FOLDER POSTGRES_BIN PORT` keeps everything below FOLDER; PostgreSQL gets PORT, the REST
/// interface PORT + 1, the embedded store PORT + 2. It goes on until its input ends. More members make a cluster that fails
/// over: each needs a name of its own and the others' store addresses in `partner_addrs`.
public final class EmbedMinimal {

    private static final String SCOPE = "embedded";
    private static final MemberName NAME = MemberName.of("one");

    private EmbedMinimal() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        int port = Integer.parseInt(arguments[2]);
        TimeSource time = new SystemTime();
        PostgresSettings postgres = postgres(folder, arguments[1], port);
        RestSettings rest = RestSettings.of(ConfigDocument.of(Map.of("listen", "127.0.0.1:" + (port + 1))));

        HaAgent agent = HaAgent.builder()
                .scope(SCOPE)
                .member(MemberSettings.of(NAME, rest.apiUrl(), postgres.connUrl()))
                .store(store(folder, port + 2, time))
                .postgres(new PostgresManager(postgres, time))
                .peers(new HttpPeerClient(PeerSettings.NONE))
                .build();
        agent.listen(event -> {
            switch (event) {
                case HaEvent.RoleChanged _, HaEvent.LeaseAcquired _, HaEvent.LeaseLost _ ->
                        System.out.println(situation(agent, port));
                default -> {}
            }
        });
        try (RestServer server = RestServer.start(rest, agent, () -> {})) {
            agent.start();
            while (System.in.read() >= 0) {
                // Until whoever started us has enough.
            }
            agent.stop();
            System.out.println("ended with " + agent.ended().toCompletableFuture().join());
        }
    }

    /// PostgreSQL may be a primary before the member has the lease, and for a moment after: writes need both.
    private static String situation(HaAgent agent, int port) {
        HaStatus now = agent.status();
        boolean leads = now.isLeaderAt(agent.time().nanos());
        return now.role() == MemberRole.PRIMARY && leads
                ? "writes go to 127.0.0.1:" + port
                : "PostgreSQL is " + now.role() + (leads ? ", with the lease" : ", without the lease");
    }

    /// The same settings as in a configuration file.
    private static PostgresSettings postgres(Path folder, String programs, int port) {
        ConfigDocument settings = ConfigDocument.of(Map.of(
                "listen", "127.0.0.1:" + port,
                "data_dir", folder.resolve("data").toString(),
                "bin_dir", programs,
                "pgpass", folder.resolve("pgpass").toString(),
                "parameters", Map.of("unix_socket_directories", folder.toString()),
                "authentication", Map.of(
                        "superuser", Map.of("username", "postgres", "password", "of-the-example"),
                        "replication", Map.of("username", "replicator", "password", "of-the-example"))));
        ConfigDocument bootstrap = ConfigDocument.of(Map.of("initdb", List.of("data-checksums")));
        return PostgresSettings.of(SCOPE, NAME, settings, bootstrap);
    }

    /// Whichever store is on the class path is found by its section's name.
    private static DistributedConfigStore store(Path folder, int port, TimeSource time) {
        ConfigDocument section = ConfigDocument.of(Map.of(
                "self_addr", "127.0.0.1:" + port,
                "data_dir", folder.resolve("store").toString()));
        return DcsProviders.visibleTo(EmbedMinimal.class.getClassLoader())
                .forSection("raft")
                .open(new DcsProvider.Context(section, "/service", SCOPE, NAME, null, HaTimings.DEFAULT, time));
    }
}
