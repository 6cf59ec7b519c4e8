package io.tamada.testkit;

import io.tamada.ha.dcs.WakeUps;
import java.time.Duration;

/// A [StoreNetwork] that a test switches by hand. Thread-safe.
public final class StoreFaults implements StoreNetwork {

    private volatile boolean unreachable;
    private volatile boolean losesHints;
    private volatile Duration latency = Duration.ZERO;
    private int repliesToLose;

    /// A network without faults, for now.
    public StoreFaults() {}

    /// Nothing reaches the store, and no hint reaches the client.
    public void unreachable(boolean value) {
        unreachable = value;
    }

    /// Calls go through; hints don't.
    public void loseHints(boolean value) {
        losesHints = value;
    }

    /// The store does the next calls, but their answers are lost.
    public synchronized void loseReplies(int howMany) {
        repliesToLose = howMany;
    }

    /// Every call takes this long there, and as long back.
    public void latency(Duration oneWay) {
        latency = oneWay;
    }

    @Override
    public synchronized Fate fate(Call call) {
        if (unreachable) {
            return new Fate.RequestLost();
        }
        if (repliesToLose > 0) {
            repliesToLose--;
            return new Fate.ReplyLost(latency);
        }
        return new Fate.Delivered(latency, latency);
    }

    @Override
    public boolean delivers(WakeUps.Hint hint) {
        return !unreachable && !losesHints;
    }
}
