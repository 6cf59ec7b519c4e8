package io.tamada.agent;

import io.tamada.agent.log.AgentLog;
import io.tamada.configuration.ConfigurationReader;
import io.tamada.configuration.LocalConfiguration;
import io.tamada.ha.HaAgent;
import io.tamada.ha.JournalSink;
import io.tamada.ha.dcs.DcsProvider;
import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.SystemTime;
import io.tamada.ha.time.TimeSource;
import io.tamada.pg.PostgresManager;
import io.tamada.pg.PostgresSettings;
import io.tamada.rest.HttpPeerClient;
import io.tamada.rest.PeerSettings;
import io.tamada.rest.RestSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// Puts one member together from its configuration: PostgreSQL, the peers, one store, the engine,
/// the REST API. Everything that can be refused is made before anything that leaves a trace.
final class AgentWiring {

    private static final System.Logger LOG = System.getLogger(AgentWiring.class.getName());
    private static final Duration FIRST_LOOK = Duration.ofSeconds(3);

    private final ConfigurationReader reader;
    private final DcsProviders providers;
    private final LocalConfiguration local;
    private final TimeSource time = new SystemTime();

    AgentWiring(ConfigurationReader reader, DcsProviders providers, LocalConfiguration local) {
        this.reader = reader;
        this.providers = providers;
        this.local = local;
    }

    /// Starts the member.
    ///
    /// @param journal where decisions go besides memory
    /// @param log whose state the REST API shows
    /// @param reloaded is told of a configuration that a reload put in force
    /// @throws CannotStart when something is refused; nothing is left running then
    RunningAgent start(ServiceNotice notice, JournalSink journal, AgentLog log, Reloaded reloaded)
            throws CannotStart, InterruptedException {
        try {
            return started(notice, journal, log, reloaded);
        } catch (IllegalArgumentException | IOException e) {
            throw new CannotStart(String.valueOf(e.getMessage()));
        }
    }

    private RunningAgent started(
            ServiceNotice notice, JournalSink journal, AgentLog log, Reloaded reloaded)
            throws CannotStart, IOException, InterruptedException {
        LiveSettings live = new LiveSettings(local);
        PostgresSettings first = live.postgres(ClusterSettings.of(live.local().firstDynamic()));
        DynamicCache cache = new DynamicCache(first.dataDir());
        ConfigDocument dynamic = cache.read().orElse(local.firstDynamic());
        ClusterSettings settings = ClusterSettings.of(dynamic);
        settings.problems().forEach(problem -> LOG.log(System.Logger.Level.WARNING, problem));
        PostgresSettings postgresSettings = live.postgres(settings);
        RestSettings restSettings = RestSettings.of(local.document().section("restapi"));
        SwappablePeers peers = new SwappablePeers(peers(local));
        PostgresManager postgres = new PostgresManager(postgresSettings, time, live::effective);
        postgres.expect(settings);
        refuseUnusable(postgres);
        MemberSettings member = live.member(postgresSettings, restSettings);
        CompletableFuture<Integer> twin = new CompletableFuture<>();
        DistributedConfigStore store = store(settings, peers, member.apiUrl(), twin);
        Fencing fencing = Fencing.start(local, postgresSettings, time);
        HaAgent agent =
                HaAgent.builder()
                        .scope(local.scope())
                        .member(member)
                        .store(store)
                        .postgres(postgres)
                        .peers(peers)
                        .watchdog(fencing.asOne())
                        .time(time)
                        .journal(journal)
                        .config(dynamic)
                        .software("tamada " + AgentMain.version())
                        .build();
        Reloaded everywhere =
                next -> {
                    reloaded.with(next);
                    fencing.reload(next);
                    store.reload(next.document().section(next.storeSection()));
                };
        RunningAgent running =
                new RunningAgent(reader, live, agent, peers, cache, notice, everywhere, log, twin);
        try {
            running.serve(restSettings);
        } catch (IOException e) {
            agent.close();
            throw e;
        }
        live.follow(agent);
        agent.start();
        cache.follow(agent);
        return running;
    }

    /// Who answers our peers' and our own questions.
    static HttpPeerClient peers(LocalConfiguration local) throws IOException {
        return new HttpPeerClient(
                PeerSettings.of(
                        local.document().section("ctl"), local.document().section("restapi")));
    }

    private DistributedConfigStore store(
            ClusterSettings settings,
            PeerClient peers,
            String apiUrl,
            CompletableFuture<Integer> twin) {
        DcsProvider provider = providers.forSection(local.storeSection());
        DistributedConfigStore store =
                provider.open(
                        new DcsProvider.Context(
                                local.document().section(local.storeSection()),
                                local.namespace(),
                                local.scope(),
                                local.name(),
                                local.citusGroup(),
                                settings.timings(),
                                time));
        return new TwinGuard(
                store, peers, local.name(), apiUrl, () -> twin.complete(AgentMain.REFUSED));
    }

    /// What PostgreSQL itself shows to be wrong before anything was changed.
    private void refuseUnusable(PostgresManager postgres) throws CannotStart, InterruptedException {
        String obstacle = postgres.problem();
        if (obstacle != null) {
            throw new CannotStart(obstacle);
        }
        LocalPostgres seen = postgres.look(Deadline.after(time, FIRST_LOOK));
        if (seen instanceof LocalPostgres.Unresponsive silent
                && silent.problem().contains("password authentication failed")) {
            throw new CannotStart(
                    "postgresql.authentication.superuser: the running PostgreSQL refuses this user and"
                            + " password ("
                            + silent.problem()
                            + "); correct them in the configuration, or the user's password"
                            + " in PostgreSQL");
        }
    }

    /// Is told of a configuration that a reload put in force, before the parts are.
    interface Reloaded {
        void with(LocalConfiguration local) throws IOException;
    }
}
