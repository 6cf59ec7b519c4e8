package io.tamada.dcs.raft.wire;

import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.RaftRpcFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.SPI;
import org.jspecify.annotations.Nullable;

/// Puts our transport in the place of the library's. Found by the library itself, as a service.
@SPI(name = "tamada", priority = 100)
public final class WireRpcFactory implements RaftRpcFactory {

    @Override
    public void registerProtobufSerializer(String className, Object... arguments) {
        // Messages has them all.
    }

    @Override
    public RpcClient createRpcClient(@Nullable ConfigHelper<RpcClient> helper) {
        return new RaftRpcClient();
    }

    @Override
    public RpcServer createRpcServer(Endpoint endpoint, @Nullable ConfigHelper<RpcServer> helper) {
        throw new IllegalStateException("a server is made for its node, see RaftAnswers");
    }

    @Override
    public @Nullable ConfigHelper<RpcClient> defaultJRaftClientConfigHelper(RpcOptions options) {
        return null;
    }
}
