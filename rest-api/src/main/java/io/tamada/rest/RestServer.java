package io.tamada.rest;

import io.tamada.ha.HaNode;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Serves a member's REST interface until it is closed.
///
/// Reads are answered from the member's published snapshot, never from the store, from PostgreSQL
/// or by waiting for the engine. Commands go through the store or are handed to the engine, each
/// with a bounded wait.
public final class RestServer implements AutoCloseable {

    private static final Logger LOG = System.getLogger(RestServer.class.getName());

    private final HaNode node;
    private final Routes routes;
    private final ExecutorService lookUps;
    private final MemberAddresses members;
    private volatile Authorization authorization;
    private volatile HttpTransport transport;
    private RestSettings settings;
    private @Nullable ServerTls tls;

    private RestServer(RestSettings settings, HaNode node, HostProgram program) throws IOException {
        this.node = node;
        this.settings = settings;
        this.lookUps =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("rest-names-", 0).factory());
        this.members = new MemberAddresses(node.time(), lookUps);
        this.routes = new Routes(node, settings, program);
        this.authorization = authorization(settings);
        this.tls = settings.tls() == null ? null : new ServerTls(settings.tls(), node.time());
        this.transport = listen(settings, tls);
    }

    /// Binds the address and begins to answer.
    ///
    /// @param program what it runs in, which `POST /reload` makes read its configuration again
    /// @throws IOException when the address can't be bound or a certificate can't be read: the
    ///   message says which
    public static RestServer start(RestSettings settings, HaNode node, HostProgram program)
            throws IOException {
        return new RestServer(settings, node, program);
    }

    private Authorization authorization(RestSettings with) {
        Authorization result = new Authorization(with, members);
        result.problems().forEach(problem -> LOG.log(Level.WARNING, problem));
        return result;
    }

    private HttpTransport listen(RestSettings with, @Nullable ServerTls through)
            throws IOException {
        try {
            return new HttpTransport(
                    with, through == null ? null : through.context(), this::answer);
        } catch (SocketException e) {
            throw new IOException(
                    "restapi.listen: can't listen on " + with.listen() + ": " + e.getMessage(), e);
        } catch (UnresolvedAddressException e) {
            throw new IOException(
                    "restapi.listen: can't listen on "
                            + with.listen()
                            + ": the name does not resolve",
                    e);
        }
    }

    /// Uses other settings from now on, and certificates as they are on disk now. The listener is
    /// replaced only where address, port or TLS settings changed; requests that run get a moment to
    /// end. May take a second then: not to be called from a request.
    ///
    /// @throws IOException as [#start]; the former settings stay in use, except that after a change
    ///   of TLS settings on the same port nobody may be listening
    public synchronized void reload(RestSettings next) throws IOException {
        ServerTls nextTls = tls;
        if (!Objects.equals(next.tls(), settings.tls())) {
            nextTls = next.tls() == null ? null : new ServerTls(next.tls(), node.time());
        } else if (nextTls != null) {
            nextTls.readAgain();
        }
        HttpTransport former = transport;
        if (!next.listen().equals(settings.listen())) {
            transport = listen(next, nextTls);
            former.close();
        } else if (!Objects.equals(next.tls(), settings.tls())
                || next.backlog() != settings.backlog()) {
            former.close();
            transport = listen(next, nextTls);
        } else {
            former.use(next);
        }
        authorization = authorization(next);
        tls = nextTls;
        settings = next;
    }

    /// Where it listens, with the port that the system chose if the configured one is 0.
    public InetSocketAddress address() {
        return transport.address();
    }

    private Response answer(Request request) {
        try {
            return switch (routes.match(request.method(), request.path())) {
                case Routes.Match.Health(HealthCheck check) ->
                        probed(request, routes.health(check, request));
                case Routes.Match.Found(Routes.Route route) ->
                        probed(request, guarded(route, request));
                case Routes.Match.WrongMethod(String allowed) ->
                        Response.text(405, "Only " + allowed + " is possible here")
                                .with("Allow", allowed);
                case Routes.Match.Nothing() -> Response.text(404, "There is nothing here");
            };
        } catch (InterruptedException e) {
            return Response.text(503, "this member is stopping");
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "REST: " + request.method() + " " + request.path() + " failed", e);
            return Response.text(500, "An error of this member's own, see its log");
        }
    }

    private Response guarded(Routes.Route route, Request request) throws InterruptedException {
        Response refusal = authorization.refusal(route.guard(), request, node.status().view());
        return refusal != null ? refusal : route.endpoint().answer(request);
    }

    private static Response probed(Request request, Response response) {
        return Routes.isProbe(request.method()) ? response.withoutBody() : response;
    }

    /// Stops listening; running requests get a moment to end.
    @Override
    public synchronized void close() {
        transport.close();
        routes.close();
        lookUps.shutdownNow();
    }
}
