package io.tamada.dcs.etcd;

import io.etcd.jetcd.api.ClusterGrpc;
import io.etcd.jetcd.api.Member;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.MemberListResponse;
import io.grpc.Channel;
import io.tamada.dcs.etcd.Unary.Result;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Learns of other servers from the member list: after the first answer, and now and then
/// afterwards.
final class Discovery {

    /// At one call in five seconds that is every quarter of an hour.
    private static final int EVERY_CALLS = 180;

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Channels channels;
    private final SignIn signIn;
    private final boolean wanted;
    private final AtomicInteger calls = new AtomicInteger();

    Discovery(Channels channels, SignIn signIn, boolean wanted) {
        this.channels = channels;
        this.signIn = signIn;
        this.wanted = wanted;
    }

    /// A server has just answered over this connection.
    void look(Channel channel, Deadline by) throws InterruptedException {
        if (!wanted || calls.getAndIncrement() % EVERY_CALLS != 0) {
            return;
        }
        Result<MemberListResponse> result =
                signIn.call(
                        channel,
                        ClusterGrpc.getMemberListMethod(),
                        MemberListRequest.getDefaultInstance(),
                        by.within(PATIENCE));
        if (result instanceof Result.Answer<MemberListResponse>(MemberListResponse list)) {
            channels.learn(endpoints(list.getMembersList()));
        }
        // Who may not see the list goes on with the servers that are configured.
    }

    private static List<Endpoint> endpoints(List<Member> members) {
        List<Endpoint> found = new ArrayList<>();
        for (Member member : members) {
            for (String url : member.getClientURLsList()) {
                try {
                    found.add(Endpoint.ofUrl(url, Endpoint.STANDARD_PORT));
                } catch (IllegalArgumentException e) {
                    // A socket in the file system, or nothing that we understand.
                }
            }
        }
        return found;
    }
}
