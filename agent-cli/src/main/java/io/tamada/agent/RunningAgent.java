package io.tamada.agent;

import io.tamada.agent.log.AgentLog;
import io.tamada.configuration.ConfigurationReader;
import io.tamada.configuration.Finding;
import io.tamada.configuration.LocalConfiguration;
import io.tamada.ha.HaAgent;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.rest.HostProgram;
import io.tamada.rest.RestServer;
import io.tamada.rest.RestSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A member at work: stops and reloads it when asked, and tells how it ended.
final class RunningAgent implements HostProgram {

    private static final System.Logger LOG = System.getLogger(RunningAgent.class.getName());

    private final ConfigurationReader reader;
    private final LiveSettings live;
    private final HaAgent agent;
    private final SwappablePeers peers;
    private final DynamicCache cache;
    private final ServiceNotice notice;
    private final AgentWiring.Reloaded reloaded;
    private final AgentLog log;
    private final CompletableFuture<Integer> twin;
    private final AtomicBoolean reloadWanted = new AtomicBoolean();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private @Nullable RestServer rest;

    /// @param twin completes when another agent has this member's name
    RunningAgent(
            ConfigurationReader reader,
            LiveSettings live,
            HaAgent agent,
            SwappablePeers peers,
            DynamicCache cache,
            ServiceNotice notice,
            AgentWiring.Reloaded reloaded,
            AgentLog log,
            CompletableFuture<Integer> twin) {
        this.reader = reader;
        this.live = live;
        this.agent = agent;
        this.peers = peers;
        this.cache = cache;
        this.notice = notice;
        this.reloaded = reloaded;
        this.log = log;
        this.twin = twin;
    }

    /// Begins to answer requests.
    ///
    /// @throws IOException when the address can't be bound
    synchronized void serve(RestSettings settings) throws IOException {
        rest = RestServer.start(settings, agent, this);
    }

    /// Asks it to end gracefully; returns at once.
    void stop(String why) {
        if (stopping.compareAndSet(false, true)) {
            LOG.log(System.Logger.Level.INFO, "Stopping: {0}", why);
            notice.stopping();
            agent.stop();
        }
    }

    /// Reads the configuration again and puts it in force; returns at once.
    @Override
    public void reload() {
        if (reloadWanted.compareAndSet(false, true)) {
            notice.reloading();
            Thread.ofVirtual().name("reload").start(this::reloadNow);
        }
    }

    @Override
    public int logQueueSize() {
        return log.queueSize();
    }

    @Override
    public long logRecordsLost() {
        return log.recordsLost();
    }

    private synchronized void reloadNow() {
        reloadWanted.set(false);
        try {
            LocalConfiguration next = reader.read();
            for (Finding finding : next.findings()) {
                LOG.log(
                        finding.severity() == Finding.Severity.REFUSED
                                ? System.Logger.Level.ERROR
                                : System.Logger.Level.WARNING,
                        finding.toString());
            }
            if (next.isRefused()) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "The configuration was not reloaded; the old one stays in force");
                return;
            }
            apply(next);
        } catch (IOException | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The configuration was not reloaded: " + e.getMessage(),
                    e);
        } finally {
            notice.ready();
        }
    }

    private void apply(LocalConfiguration read) throws IOException {
        LocalConfiguration before = live.local();
        List<String> waiting = new ArrayList<>();
        LocalConfiguration next = read.reloadedOver(before, waiting);
        if (!waiting.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Changed, but in force only after a restart of the agent: {0}",
                    String.join(", ", waiting));
        } else if (next.document().sameText(before.document())) {
            LOG.log(System.Logger.Level.INFO, "No local configuration items changed.");
        }
        RestSettings restSettings = RestSettings.of(next.document().section("restapi"));
        reloaded.with(next);
        TagConflicts.of(next.tags())
                .forEach(conflict -> LOG.log(System.Logger.Level.WARNING, conflict));
        live.use(next);
        peers.use(AgentWiring.peers(next));
        RestServer serving = rest;
        if (serving != null) {
            serving.reload(restSettings);
        }
        ClusterSettings dynamic = agent.status().settings();
        agent.reload(live.member(live.postgres(dynamic), restSettings));
    }

    /// Waits until it has ended, and frees everything.
    ///
    /// @return the exit code
    int await() throws InterruptedException {
        notice.ready();
        CompletableFuture<Integer> ended = agent.ended().toCompletableFuture();
        try {
            int code = (int) CompletableFuture.anyOf(ended, twin).get();
            if (twin.isDone() && !ended.isDone()) {
                agent.close();
            }
            return code;
        } catch (ExecutionException e) {
            LOG.log(System.Logger.Level.ERROR, "The agent has failed", e.getCause());
            return AgentMain.REFUSED;
        } finally {
            cache.close();
            close();
        }
    }

    /// Whether it ended because another agent has its name.
    boolean hasTwin() {
        return twin.isDone();
    }

    private synchronized void close() {
        RestServer open = rest;
        rest = null;
        if (open != null) {
            open.close();
        }
    }
}
