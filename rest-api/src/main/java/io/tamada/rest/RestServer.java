package io.tamada.rest;

import io.tamada.ha.HaNode;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
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
    private final Authorization authorization;
    private final HttpTransport transport;
    private final ExecutorService lookUps;

    private RestServer(RestSettings settings, HaNode node, Runnable reload) throws IOException {
        this.node = node;
        this.lookUps =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("rest-names-", 0).factory());
        this.routes = new Routes(node, settings, reload);
        this.authorization = new Authorization(settings, new MemberAddresses(node.time(), lookUps));
        authorization.problems().forEach(problem -> LOG.log(Level.WARNING, problem));
        this.transport = new HttpTransport(settings, tls(settings), this::answer);
    }

    private static @Nullable SSLContext tls(RestSettings settings) throws IOException {
        return settings.tls() == null ? null : ServerTls.context(settings.tls());
    }

    /// Binds the address and begins to answer.
    ///
    /// @param reload what `POST /reload` sets off; must return at once
    /// @throws IOException when the address can't be bound or a certificate can't be read: the
    ///   message says which
    public static RestServer start(RestSettings settings, HaNode node, Runnable reload)
            throws IOException {
        try {
            return new RestServer(settings, node, reload);
        } catch (SocketException e) {
            throw new IOException(
                    "restapi.listen: can't listen on " + settings.listen() + ": " + e.getMessage(),
                    e);
        } catch (UnresolvedAddressException e) {
            throw new IOException(
                    "restapi.listen: can't listen on "
                            + settings.listen()
                            + ": the name does not resolve",
                    e);
        }
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
    public void close() {
        transport.close();
        lookUps.shutdownNow();
    }
}
