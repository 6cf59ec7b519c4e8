package io.tamada.dcs.etcd;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Calls to whichever server answers, each with a deadline.
///
/// Nothing is sent before a connection stands, and nothing waits for one longer than the call has
/// time. What may have been carried out is sent again only where a second time does no harm.
final class Etcd3Wire implements AutoCloseable {

    private static final Duration ROUND_PAUSE = Duration.ofMillis(200);
    private static final Duration SHORTEST_TRY = Duration.ofMillis(300);

    /// A connection over which nothing came for so long is given up.
    private static final Duration DROPPED_AFTER = Duration.ofSeconds(1);

    private final Channels channels;
    private final SignIn signIn;
    private final Discovery discovery;
    private final TimeSource time;
    private final @Nullable ServiceLookup lookup;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// Says who we are as the changed settings do; their other values are not looked at.
    void reload(EtcdSettings changed) {
        signIn.use(changed.login());
    }

    Etcd3Wire(EtcdSettings settings, TimeSource time) {
        this.channels = new Channels(settings.endpoints(), settings.tls());
        this.signIn = new SignIn(settings.login());
        this.discovery = new Discovery(channels, signIn, settings.discovers());
        this.time = time;
        this.lookup =
                settings.records() == null
                        ? null
                        : new ServiceLookup(settings.records(), channels, time);
    }

    /// Whether a call that may have been carried out is made once more.
    enum Repeat {
        HARMLESS,
        NEVER
    }

    /// What came of a call.
    sealed interface Reply<A> {
        record Answered<A>(A answer) implements Reply<A> {}

        /// The server said no, and nothing was done.
        record Denied<A>(Status status, String problem) implements Reply<A> {}

        /// Nobody answered, or nobody knows what was done.
        record Silent<A>(String problem) implements Reply<A> {}
    }

    /// Calls, until there is an answer or the time is over.
    <Q, A> Reply<A> call(MethodDescriptor<Q, A> method, Q request, Repeat repeat, Deadline by)
            throws InterruptedException {
        Reply<A> reply = new Reply.Silent<>("there was no time left to ask");
        boolean mayGoOn = true;
        while (mayGoOn && !by.hasPassed()) {
            List<Endpoint> order = servers(by);
            if (order.isEmpty()) {
                reply = new Reply.Silent<>("DNS names no server");
            }
            int tries = order.isEmpty() ? 0 : Math.max(2, order.size());
            for (int i = 0; i < tries && mayGoOn && !by.hasPassed(); i++) {
                Attempt<A> attempt =
                        attempt(
                                order.get(i % order.size()),
                                method,
                                request,
                                repeat,
                                by,
                                tries - i);
                reply = attempt.reply();
                mayGoOn = attempt.mayGoOn();
            }
            if (mayGoOn && lookup != null) {
                lookup.nobodyAnswered();
            }
            mayGoOn = mayGoOn && !pauseBeforeNextRound(by);
        }
        return closed.getCount() > 0 ? reply : new Reply.Silent<>("this store is closed");
    }

    private List<Endpoint> servers(Deadline by) throws InterruptedException {
        if (lookup != null) {
            lookup.require(by);
        }
        return channels.inOrder();
    }

    /// @return whether the store was closed meanwhile
    private boolean pauseBeforeNextRound(Deadline by) throws InterruptedException {
        long millis = Math.min(by.remaining().toMillis(), ROUND_PAUSE.toMillis());
        return closed.await(millis, TimeUnit.MILLISECONDS);
    }

    /// @param mayGoOn whether it can be tried again, here or elsewhere
    private record Attempt<A>(Reply<A> reply, boolean mayGoOn) {}

    private <Q, A> Attempt<A> attempt(
            Endpoint endpoint,
            MethodDescriptor<Q, A> method,
            Q request,
            Repeat repeat,
            Deadline by,
            int triesLeft)
            throws InterruptedException {
        if (closed.getCount() == 0) {
            return new Attempt<>(new Reply.Silent<>("this store is closed"), false);
        }
        Deadline share = share(by, triesLeft);
        ManagedChannel channel;
        try {
            channel = channels.to(endpoint);
        } catch (UncheckedIOException e) {
            return new Attempt<>(new Reply.Silent<>(endpoint + ": " + e.getMessage()), true);
        }
        if (!isConnected(channel, share)) {
            channels.unreachable(endpoint);
            return new Attempt<>(new Reply.Silent<>(endpoint + " can't be reached"), true);
        }
        Deadline own = repeat == Repeat.HARMLESS ? share : by;
        Duration patience = own.remaining();
        Unary.Result<A> result = signIn.call(channel, method, request, own);
        if (result instanceof Unary.Result.Answer<A>(A answer)) {
            channels.prefer(endpoint);
            discovery.look(channel, by);
            return new Attempt<>(new Reply.Answered<>(answer), false);
        }
        Status status = ((Unary.Result.Failure<A>) result).status();
        String problem = endpoint + ": " + Unary.words(status);
        if (isDenial(status)) {
            return new Attempt<>(new Reply.Denied<>(status, problem), false);
        }
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED
                && patience.compareTo(DROPPED_AFTER) >= 0) {
            channels.drop(endpoint);
        }
        return new Attempt<>(new Reply.Silent<>(problem), repeat == Repeat.HARMLESS);
    }

    private Deadline share(Deadline by, int triesLeft) {
        Duration left = by.remaining();
        Duration part = left.dividedBy(triesLeft);
        return by.within(part.compareTo(SHORTEST_TRY) < 0 ? SHORTEST_TRY : part);
    }

    /// What the server decided by itself, without having done anything.
    private static boolean isDenial(Status status) {
        return switch (status.getCode()) {
            case NOT_FOUND,
                    ALREADY_EXISTS,
                    INVALID_ARGUMENT,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED,
                    UNIMPLEMENTED,
                    RESOURCE_EXHAUSTED ->
                    true;
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    ABORTED,
                    INTERNAL,
                    UNAVAILABLE,
                    DATA_LOSS ->
                    false;
        };
    }

    /// Waits until the connection stands.
    private static boolean isConnected(ManagedChannel channel, Deadline by)
            throws InterruptedException {
        ConnectivityState state = channel.getState(true);
        if (state == ConnectivityState.TRANSIENT_FAILURE) {
            channel.resetConnectBackoff();
        }
        boolean wasRefusedBefore = state == ConnectivityState.TRANSIENT_FAILURE;
        while (state != ConnectivityState.READY) {
            if (state == ConnectivityState.SHUTDOWN
                    || (state == ConnectivityState.TRANSIENT_FAILURE && !wasRefusedBefore)) {
                return false;
            }
            CountDownLatch changed = new CountDownLatch(1);
            channel.notifyWhenStateChanged(state, changed::countDown);
            if (!changed.await(by.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
            wasRefusedBefore = false;
            state = channel.getState(true);
        }
        return true;
    }

    /// A connection for a stream of one's own, which must stand before it is used.
    ///
    /// @return null when no server can be reached in time
    SignIn.@Nullable Signed stream(Deadline by) throws InterruptedException {
        List<Endpoint> order = servers(by);
        for (int i = 0; i < order.size() && closed.getCount() > 0; i++) {
            try {
                ManagedChannel channel = channels.to(order.get(i));
                if (isConnected(channel, share(by, order.size() - i))) {
                    return signIn.signed(channel, by);
                }
            } catch (UncheckedIOException e) {
                // Said by the calls.
            }
        }
        return null;
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    TimeSource time() {
        return time;
    }

    @Override
    public void close() {
        closed.countDown();
        channels.close();
    }
}
