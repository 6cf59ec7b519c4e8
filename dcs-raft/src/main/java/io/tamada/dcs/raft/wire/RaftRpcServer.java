package io.tamada.dcs.raft.wire;

import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequestHeader;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.rpc.impl.ConnectionClosedEventListener;
import com.alipay.sofa.jraft.rpc.impl.PingRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.AppendEntriesRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.GetFileRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.InstallSnapshotRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.ReadIndexRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.RequestVoteRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.TimeoutNowRequestProcessor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// The consensus library's side that answers, on a [Listener].
///
/// Requests that append to the log are handed to the executor that the library names for that peer,
/// in the order in which they came, since it sends several without waiting. The library's remote
/// administration is not registered.
public final class RaftRpcServer implements RpcServer {

    private final Listener listener;
    private final VoteGate gate;
    private final AppendEntriesRequestProcessor appending;

    public RaftRpcServer(Listener listener, VoteGate gate, Executor executor) {
        this.listener = listener;
        this.gate = gate;
        this.appending = new AppendEntriesRequestProcessor(executor);
        registerConnectionClosedEventListener(appending);
        registerProcessor(appending);
        registerProcessor(new GetFileRequestProcessor(executor));
        registerProcessor(new InstallSnapshotRequestProcessor(executor));
        registerProcessor(new RequestVoteRequestProcessor(executor));
        registerProcessor(new PingRequestProcessor(executor));
        registerProcessor(new TimeoutNowRequestProcessor(executor));
        registerProcessor(new ReadIndexRequestProcessor(executor));
    }

    @Override
    public boolean init(Void unused) {
        return true;
    }

    /// Ends the threads that append for each peer. The listener is closed by who made it.
    @Override
    public void shutdown() {
        appending.destroy();
    }

    @Override
    public void registerConnectionClosedEventListener(ConnectionClosedEventListener closed) {
        listener.onClosed(link -> closed.onClosed(link.toString(), connection(link)));
    }

    @Override
    public int boundPort() {
        return listener.port();
    }

    @Override
    public boolean isStarted() {
        return true;
    }

    @Override
    public void registerProcessor(RpcProcessor<?> processor) {
        @SuppressWarnings("unchecked")
        RpcProcessor<Object> any = (RpcProcessor<Object>) processor;
        listener.answer(Messages.typeOf(processor.interest()), question -> asked(any, question));
    }

    private void asked(RpcProcessor<Object> processor, Listener.Question question)
            throws IOException {
        Message request = Messages.read(Messages.typeOf(processor.interest()), question.body());
        RpcContext context = context(question);
        if (request instanceof RequestVoteRequest && !gate.isOpen()) {
            context.sendResponse(
                    ErrorResponse.newBuilder()
                            .setErrorCode(-1)
                            .setErrorMsg("this node does not vote yet")
                            .build());
            return;
        }
        try {
            executor(processor, request).execute(() -> processor.handleRequest(context, request));
        } catch (RejectedExecutionException _) {
            // The node is shutting down: no answer is an answer.
        }
    }

    private static Executor executor(RpcProcessor<Object> processor, Message request) {
        RpcProcessor.ExecutorSelector selector = processor.executorSelector();
        if (selector != null && request instanceof AppendEntriesRequest append) {
            Executor chosen =
                    selector.select(
                            processor.interest(),
                            AppendEntriesRequestHeader.newBuilder()
                                    .setGroupId(append.getGroupId())
                                    .setPeerId(append.getPeerId())
                                    .setServerId(append.getServerId())
                                    .build());
            return chosen == null ? processor.executor() : chosen;
        }
        return processor.executor();
    }

    private static RpcContext context(Listener.Question question) {
        return new RpcContext() {
            @Override
            public void sendResponse(Object response) {
                question.answer(Messages.typeOf(response), ((Message) response).toByteArray());
            }

            @Override
            public Connection getConnection() {
                return connection(question.link());
            }

            @Override
            public String getRemoteAddress() {
                return question.link().toString();
            }
        };
    }

    private static Connection connection(Link link) {
        Map<String, Object> attributes = link.attributes();
        return new Connection() {
            @Override
            public @Nullable Object getAttribute(String key) {
                return attributes.get(key);
            }

            @Override
            public void setAttribute(String key, Object value) {
                attributes.put(key, value);
            }

            @Override
            public @Nullable Object setAttributeIfAbsent(String key, Object value) {
                return attributes.putIfAbsent(key, value);
            }

            @Override
            public void close() {
                link.close();
            }
        };
    }
}
