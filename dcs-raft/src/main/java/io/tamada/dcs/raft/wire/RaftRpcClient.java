package io.tamada.dcs.raft.wire;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The consensus library's calls to other nodes, over a [Caller].
///
/// The library asks for connections while it holds its locks, so nothing waits for one here: who
/// isn't connected is reported as such, and connected to in the background.
final class RaftRpcClient implements RpcClient {

    private @Nullable Caller caller;
    private @Nullable VoteGate gate;
    private @Nullable ReplicatorGroup replicators;

    @Override
    public boolean init(RpcOptions options) {
        if (!(options instanceof RaftNodeOptions ours)) {
            throw new IllegalArgumentException("the node was not made by this module");
        }
        Caller connections = ours.caller();
        caller = connections;
        gate = ours.gate();
        connections.onConnected(this::connected);
        return true;
    }

    private void connected(Address to) {
        ReplicatorGroup group = replicators;
        if (group != null) {
            group.checkReplicator(new PeerId(to.host(), to.port()), true);
        }
    }

    private Caller caller() {
        Caller connections = caller;
        if (connections == null) {
            throw new IllegalStateException("not initialised");
        }
        return connections;
    }

    @Override
    public void shutdown() {
        // Who made the caller closes it.
    }

    @Override
    public boolean checkConnection(Endpoint endpoint) {
        return caller().isConnected(address(endpoint));
    }

    @Override
    public boolean checkConnection(Endpoint endpoint, boolean createIfAbsent) {
        boolean connected = caller().isConnected(address(endpoint));
        if (!connected && createIfAbsent) {
            caller().connect(address(endpoint));
        }
        return connected;
    }

    @Override
    public void closeConnection(Endpoint endpoint) {
        caller().disconnect(address(endpoint));
    }

    @Override
    public void registerConnectEventListener(ReplicatorGroup replicatorGroup) {
        replicators = replicatorGroup;
    }

    @Override
    public Object invokeSync(
            Endpoint endpoint, Object request, @Nullable InvokeContext context, long timeoutMs)
            throws InterruptedException, RemotingException {
        CompletableFuture<Object> result = new CompletableFuture<>();
        invokeAsync(
                endpoint,
                request,
                context,
                (answer, error) -> {
                    if (error == null) {
                        result.complete(answer);
                    } else {
                        result.completeExceptionally(error);
                    }
                },
                timeoutMs);
        try {
            return result.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RemotingException known
                    ? known
                    : new RemotingException(e.getCause());
        } catch (TimeoutException e) {
            throw new InvokeTimeoutException("no answer from " + endpoint);
        }
    }

    @Override
    public void invokeAsync(
            Endpoint endpoint,
            Object request,
            @Nullable InvokeContext context,
            InvokeCallback callback,
            long timeoutMs) {
        VoteGate votes = gate;
        if (request instanceof RequestVoteRequest && (votes == null || !votes.isOpen())) {
            complete(
                    callback,
                    null,
                    new RemotingException("this node does not stand for election yet"));
            return;
        }
        byte[] body = ((Message) request).toByteArray();
        caller().call(
                        address(endpoint),
                        Messages.typeOf(request),
                        body,
                        timeoutMs,
                        new Caller.Answer() {
                            @Override
                            public void answered(int type, byte[] reply) {
                                try {
                                    complete(callback, Messages.read(type, reply), null);
                                } catch (IOException e) {
                                    complete(callback, null, new RemotingException(e));
                                }
                            }

                            @Override
                            public void failed(boolean sent, boolean timedOut, String problem) {
                                complete(
                                        callback,
                                        null,
                                        timedOut
                                                ? new InvokeTimeoutException(problem)
                                                : new RemotingException(problem));
                            }
                        });
    }

    private static void complete(
            InvokeCallback callback, @Nullable Object result, @Nullable Throwable error) {
        Executor executor = callback.executor();
        if (executor == null) {
            callback.complete(result, error);
            return;
        }
        try {
            executor.execute(() -> callback.complete(result, error));
        } catch (RejectedExecutionException _) {
            // The node is shutting down: nobody waits any more.
        }
    }

    static Address address(Endpoint endpoint) {
        return new Address(endpoint.getIp(), endpoint.getPort());
    }
}
