package io.tamada.dcs.etcd;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.tamada.dcs.etcd.EtcdSettings.Login;
import io.tamada.dcs.etcd.Unary.Result;
import io.tamada.ha.time.Deadline;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who we are: gets a token where a user is configured, and a new one when the server doesn't know
/// it any more.
final class SignIn {

    private static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    /// How the server says that it wants to know who we are.
    private static final Set<String> WHO_ARE_YOU =
            Set.of(
                    "etcdserver: user name is empty",
                    "etcdserver: invalid auth token",
                    "etcdserver: revision of auth store is old");

    private volatile @Nullable Login login;
    private volatile @Nullable String token;

    SignIn(@Nullable Login login) {
        this.login = login;
    }

    /// From now on we are somebody else, or prove it in another way.
    void use(@Nullable Login changed) {
        if (!Objects.equals(login, changed)) {
            login = changed;
            token = null;
        }
    }

    /// A connection that says who we are.
    record Signed(Channel channel) {}

    <Q, A> Result<A> call(Channel channel, MethodDescriptor<Q, A> method, Q request, Deadline by)
            throws InterruptedException {
        Result<A> result = Unary.call(withToken(channel), method, request, by);
        Login who = login;
        if (who != null
                && result instanceof Result.Failure<A>(Status status)
                && asksWhoWeAre(status)) {
            // Nothing was done so far, whatever was asked for.
            Status refused = renew(channel, who, by);
            return refused == null
                    ? Unary.call(withToken(channel), method, request, by)
                    : new Result.Failure<>(refused);
        }
        return result;
    }

    Signed signed(Channel channel, Deadline by) throws InterruptedException {
        Login who = login;
        if (who != null && token == null) {
            var _ = renew(channel, who, by);
        }
        return new Signed(withToken(channel));
    }

    /// The token is of no use any more.
    void forget() {
        token = null;
    }

    static boolean asksWhoWeAre(Status status) {
        return status.getDescription() != null && WHO_ARE_YOU.contains(status.getDescription());
    }

    /// @return null when there is a new token; else what the server said
    private @Nullable Status renew(Channel channel, Login who, Deadline by)
            throws InterruptedException {
        AuthenticateRequest request =
                AuthenticateRequest.newBuilder()
                        .setName(who.user())
                        .setPassword(who.password())
                        .build();
        return switch (Unary.call(channel, AuthGrpc.getAuthenticateMethod(), request, by)) {
            case Result.Answer<AuthenticateResponse>(AuthenticateResponse answer) -> {
                token = answer.getToken();
                yield null;
            }
            case Result.Failure<AuthenticateResponse>(Status status) -> status;
        };
    }

    private Channel withToken(Channel channel) {
        String now = token;
        if (now == null) {
            return channel;
        }
        Metadata headers = new Metadata();
        headers.put(TOKEN, now);
        return ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}
