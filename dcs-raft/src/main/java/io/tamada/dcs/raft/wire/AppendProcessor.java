package io.tamada.dcs.raft.wire;

import com.alipay.sofa.jraft.rpc.RaftServerService;
import com.alipay.sofa.jraft.rpc.RpcRequestClosure;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.impl.core.NodeRequestProcessor;
import com.google.protobuf.Message;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Hands entries of the leader's log to the node.
///
/// Requests of one connection must come in order. Their answers need not: the library's leader
/// sorts them. The library's own processor sorts them as well, with a thread for each leader that
/// it waits for, up to fifteen seconds and under the lock that this thread may need, when the
/// connection ends.
final class AppendProcessor extends NodeRequestProcessor<AppendEntriesRequest> {

    /// @param executor for requests that come without a connection of their own
    AppendProcessor(Executor executor) {
        super(executor, AppendEntriesResponse.getDefaultInstance());
    }

    @Override
    public @Nullable Message processRequest0(
            RaftServerService node, AppendEntriesRequest request, RpcRequestClosure done) {
        return node.handleAppendEntriesRequest(request, done);
    }

    @Override
    protected String getPeerId(AppendEntriesRequest request) {
        return request.getPeerId();
    }

    @Override
    protected String getGroupId(AppendEntriesRequest request) {
        return request.getGroupId();
    }

    @Override
    public String interest() {
        return AppendEntriesRequest.class.getName();
    }
}
