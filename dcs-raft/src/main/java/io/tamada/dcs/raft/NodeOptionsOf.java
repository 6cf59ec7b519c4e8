package io.tamada.dcs.raft;

import com.alipay.sofa.jraft.StateMachine;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.DefaultJRaftServiceFactory;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.util.concurrent.DefaultFixedThreadsExecutorGroupFactory;
import com.alipay.sofa.jraft.util.concurrent.FixedThreadsExecutorGroup;
import io.tamada.dcs.raft.log.SegmentLog;
import io.tamada.dcs.raft.wire.Caller;
import io.tamada.dcs.raft.wire.RaftNodeOptions;
import io.tamada.dcs.raft.wire.VoteGate;

/// The consensus library's options: everything durable before it is acknowledged, and little of
/// everything else.
final class NodeOptionsOf {

    private static final int SEGMENT_BYTES = 1 << 20;
    private static final int QUEUE = 1024;

    private NodeOptionsOf() {}

    static NodeOptions node(
            RaftSettings settings,
            DataFolder folder,
            Configuration members,
            StateMachine machine,
            LogStorage log,
            Caller caller,
            VoteGate gate,
            FixedThreadsExecutorGroup appenders) {
        RaftSettings.Timing timing = settings.timing();
        RaftNodeOptions options = new RaftNodeOptions(caller, gate);
        options.setInitialConf(members);
        options.setFsm(machine);
        options.setLogUri(folder.log().toString());
        options.setRaftMetaUri(folder.meta().toString());
        options.setSnapshotUri(folder.snapshot().toString());
        options.setServiceFactory(new Factory(log));
        options.setElectionTimeoutMs((int) timing.election().toMillis());
        options.setRpcConnectTimeoutMs((int) Math.max(50, timing.heartbeat().toMillis()));
        options.setRpcDefaultTimeout((int) timing.connection().toMillis());
        options.setRpcInstallSnapshotTimeout(60_000);
        options.setSnapshotIntervalSecs(0);
        options.setCatchupMargin(256);
        options.setDisableCli(true);
        options.setTimerPoolSize(1);
        options.setRpcProcessorThreadPoolSize(3);
        options.setAppendEntriesExecutors(appenders);
        options.setRaftOptions(raft(timing));
        return options;
    }

    private static RaftOptions raft(RaftSettings.Timing timing) {
        RaftOptions options = new RaftOptions();
        options.setSync(true);
        options.setSyncMeta(true);
        options.setOpenStatistics(false);
        options.setDisruptorBufferSize(QUEUE);
        options.setMaxReplicatorInflightMsgs(64);
        options.setMaxElectionDelayMs((int) timing.spread().toMillis());
        options.setElectionHeartbeatFactor(
                (int) Math.max(1, timing.election().dividedBy(timing.heartbeat())));
        return options;
    }

    /// The one thread on which answers about appended entries are dealt with, in order.
    static FixedThreadsExecutorGroup appenders() {
        return DefaultFixedThreadsExecutorGroupFactory.INSTANCE.newExecutorGroup(
                1, "raft-append", QUEUE * 4, true);
    }

    static LogStorage log(DataFolder folder, SegmentLog.Appending appending) {
        return new SegmentLog(folder.log(), SEGMENT_BYTES, appending);
    }

    private static final class Factory extends DefaultJRaftServiceFactory {
        private final LogStorage log;

        Factory(LogStorage log) {
            this.log = log;
        }

        @Override
        public LogStorage createLogStorage(String uri, RaftOptions raftOptions) {
            return log;
        }
    }
}
