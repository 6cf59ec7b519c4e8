package io.tamada.pg;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.Upstream;
import io.tamada.pg.process.OsProcess;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What must be remembered from one call to the next. Each field is written whole; readers may see
/// a mix of two moments, which the next look sets right.
final class ServerMemory {

    volatile ClusterSettings cluster = ClusterSettings.DEFAULT;

    /// The dynamic configuration was ordered at least once.
    volatile boolean configured;

    volatile MemberRole role = MemberRole.UNINITIALIZED;

    /// What the server was last told to follow; null when unknown.
    volatile @Nullable Upstream upstream;

    volatile boolean leading;

    /// What the policy ordered; null when the user's own value counts.
    volatile @Nullable String synchronousNames;

    volatile boolean feedbackNeeded;
    volatile PendingRestart pendingRestart = PendingRestart.NONE;

    /// A server was seen running since it was last asked to stop.
    volatile boolean expectedUp;

    volatile boolean wasPrimary;

    /// Sessions may have outlived their postmaster.
    volatile boolean mayHaveOrphans;

    volatile @Nullable String lastFailure;
    volatile @Nullable Long startingSinceNanos;
    volatile @Nullable Long unresponsiveSinceNanos;

    /// The data directory is being filled: what is in it means nothing yet.
    volatile boolean filling;

    /// A new cluster is being made: no callbacks, no role changes.
    volatile boolean bootstrapping;

    /// Configuration was ordered while the server could not take it.
    volatile boolean rewriteWhenReady;

    /// The role that callbacks were last told; null before the first.
    volatile @Nullable MemberRole toldRole;

    /// Counts fences: a start that was begun before one must not go on.
    final AtomicLong fences = new AtomicLong();

    /// The server process that was told to stop: that it still lives means nothing any more.
    private volatile @Nullable OsProcess leaving;

    /// Any look or task that finds it up says so here.
    void seenUp(OsProcess server) {
        expectedUp = !server.equals(leaving);
        mayHaveOrphans = true;
    }

    /// It will be told to stop: its end is no crash.
    void stops(OsProcess server) {
        leaving = server;
        expectedUp = false;
    }
}
