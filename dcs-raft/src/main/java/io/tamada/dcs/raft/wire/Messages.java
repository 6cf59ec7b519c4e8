package io.tamada.dcs.raft.wire;

import com.alipay.sofa.jraft.rpc.RpcRequests;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.List;

/// The closed set of the consensus library's messages that cross the network, each with its number.
public final class Messages {

    /// Not a message of the library: a question of a member to the leader about the store.
    public static final int ASK = 0;

    private static final List<Message> KNOWN =
            List.of(
                    RpcRequests.AppendEntriesRequest.getDefaultInstance(),
                    RpcRequests.AppendEntriesResponse.getDefaultInstance(),
                    RpcRequests.RequestVoteRequest.getDefaultInstance(),
                    RpcRequests.RequestVoteResponse.getDefaultInstance(),
                    RpcRequests.InstallSnapshotRequest.getDefaultInstance(),
                    RpcRequests.InstallSnapshotResponse.getDefaultInstance(),
                    RpcRequests.GetFileRequest.getDefaultInstance(),
                    RpcRequests.GetFileResponse.getDefaultInstance(),
                    RpcRequests.TimeoutNowRequest.getDefaultInstance(),
                    RpcRequests.TimeoutNowResponse.getDefaultInstance(),
                    RpcRequests.ReadIndexRequest.getDefaultInstance(),
                    RpcRequests.ReadIndexResponse.getDefaultInstance(),
                    RpcRequests.PingRequest.getDefaultInstance(),
                    RpcRequests.ErrorResponse.getDefaultInstance());

    private Messages() {}

    /// The number of a message's class; zero when it is none of these.
    static int typeOf(String className) {
        for (int i = 0; i < KNOWN.size(); i++) {
            if (KNOWN.get(i).getClass().getName().equals(className)) {
                return i + 1;
            }
        }
        return 0;
    }

    static int typeOf(Object message) {
        int type = typeOf(message.getClass().getName());
        if (type == 0) {
            throw new IllegalArgumentException(
                    message.getClass().getName() + " is not sent between members");
        }
        return type;
    }

    static Message read(int type, byte[] body) throws IOException {
        if (type < 1 || type > KNOWN.size()) {
            throw new IOException("a message of type " + type);
        }
        try {
            return KNOWN.get(type - 1).getParserForType().parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IOException("a garbled message of type " + type, e);
        }
    }
}
