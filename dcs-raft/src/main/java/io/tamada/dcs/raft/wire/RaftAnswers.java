package io.tamada.dcs.raft.wire;

import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.impl.PingRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.GetFileRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.InstallSnapshotRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.ReadIndexRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.RequestVoteRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.TimeoutNowRequestProcessor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// The consensus library's side that answers, on a [Listener]: each request on a thread of its own,
/// those that append to the log in the order in which they came on their connection.
///
/// The library's remote administration is not registered.
public final class RaftAnswers {

    private final VoteGate gate;

    private RaftAnswers(VoteGate gate) {
        this.gate = gate;
    }

    /// From now on requests are answered, those for votes only while the gate is open.
    public static void register(Listener listener, VoteGate gate, Executor executor) {
        RaftAnswers answers = new RaftAnswers(gate);
        List.<RpcProcessor<?>>of(
                        new AppendProcessor(executor),
                        new GetFileRequestProcessor(executor),
                        new InstallSnapshotRequestProcessor(executor),
                        new RequestVoteRequestProcessor(executor),
                        new PingRequestProcessor(executor),
                        new TimeoutNowRequestProcessor(executor),
                        new ReadIndexRequestProcessor(executor))
                .forEach(processor -> answers.register(listener, processor));
    }

    private void register(Listener listener, RpcProcessor<?> processor) {
        @SuppressWarnings("unchecked")
        RpcProcessor<Object> any = (RpcProcessor<Object>) processor;
        listener.answer(Messages.typeOf(processor.interest()), question -> asked(any, question));
    }

    private void asked(RpcProcessor<Object> processor, Listener.Question question)
            throws IOException {
        Message request = Messages.read(Messages.typeOf(processor.interest()), question.body());
        RpcContext context = new Context(question);
        if (request instanceof RequestVoteRequest && !gate.isOpen()) {
            context.sendResponse(
                    ErrorResponse.newBuilder()
                            .setErrorCode(-1)
                            .setErrorMsg("this node does not vote yet")
                            .build());
            return;
        }
        Executor executor =
                request instanceof AppendEntriesRequest
                        ? question.link().inOrder()
                        : processor.executor();
        try {
            executor.execute(() -> processor.handleRequest(context, request));
        } catch (RejectedExecutionException e) {
            throw new IOException("this node does not keep up: " + e.getMessage(), e);
        }
    }

    private record Context(Listener.Question question) implements RpcContext {

        @Override
        public void sendResponse(Object response) {
            question.answer(Messages.typeOf(response), ((Message) response).toByteArray());
        }

        /// Only the library's own processor for appending asks for it.
        @Override
        public Connection getConnection() {
            throw new IllegalStateException("a connection has no attributes here");
        }

        @Override
        public String getRemoteAddress() {
            return question.link().toString();
        }
    }
}
