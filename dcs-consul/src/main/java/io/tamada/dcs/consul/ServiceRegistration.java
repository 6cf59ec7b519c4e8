package io.tamada.dcs.consul;

import io.tamada.dcs.KeyPaths;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Keeps the member registered as it published itself. On the side: nobody waits for it, and what
/// failed is tried again when the member writes its entry again.
final class ServiceRegistration implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ServiceRegistration.class.getName());
    private static final Duration REQUEST_MAX = Duration.ofSeconds(5);
    private static final Duration FAREWELL_MAX = Duration.ofSeconds(2);

    private final ConsulHttp http;
    private final ServiceEntry.Template template;
    private final TimeSource time;
    private final String key;

    private @Nullable ServiceEntry wanted;
    private @Nullable ServiceEntry registered;

    /// False until it is known what Consul has: an earlier process may have left an entry.
    private boolean known;

    private boolean failing;
    private @Nullable Thread working;

    ServiceRegistration(ConsulHttp http, ServiceEntry.Template template, TimeSource time) {
        this.http = http;
        this.template = template;
        this.time = time;
        this.key = KeyPaths.MEMBERS + template.member();
    }

    /// A key was written; null when it was deleted.
    synchronized void written(String which, @Nullable String value) {
        if (!which.equals(key)) {
            return;
        }
        wanted = value == null ? null : template.of(value);
        if (working == null && !isUpToDate()) {
            working = Thread.ofVirtual().name("consul-service").start(this::work);
        }
    }

    private synchronized boolean isUpToDate() {
        return known && Objects.equals(wanted, registered);
    }

    private void work() {
        boolean more = true;
        while (more) {
            ServiceEntry next = next();
            String problem = "interrupted";
            try {
                problem = done(next);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            more = finished(next, problem);
        }
    }

    private synchronized @Nullable ServiceEntry next() {
        return wanted;
    }

    /// True when there is more to do.
    private synchronized boolean finished(@Nullable ServiceEntry entry, @Nullable String problem) {
        if (problem == null) {
            registered = entry;
            known = true;
        } else if (!failing) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the service {0} could not be registered or deregistered: {1}",
                    template.id(),
                    problem);
        }
        failing = problem != null;
        boolean more = problem == null && !isUpToDate();
        if (!more) {
            working = null;
        }
        return more;
    }

    /// Null on success, else the problem.
    private @Nullable String done(@Nullable ServiceEntry entry) throws InterruptedException {
        Deadline by = Deadline.after(time, REQUEST_MAX);
        Answer answer =
                entry == null
                        ? http.put(
                                "/v1/agent/service/deregister/" + ConsulHttp.escaped(template.id()),
                                "",
                                by)
                        : http.put("/v1/agent/service/register", template.json(entry), by);
        return switch (answer) {
            case Answer.Silent(String problem, _) -> problem;
            case Answer.Answered answered -> {
                // What isn't registered is as good as deregistered; Consul says 404, or 500.
                boolean unknown =
                        entry == null
                                && (answered.status() == 404
                                        || answered.body().contains("Unknown service"));
                yield answered.isOk() || unknown ? null : answered.problem();
            }
        };
    }

    /// Lets a deregistration that is under way come to its end.
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            running = working;
        }
        if (running != null) {
            try {
                running.join(FAREWELL_MAX);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
