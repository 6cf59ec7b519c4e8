package io.tamada.agent;

import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.LeaseGrant;
import io.tamada.ha.dcs.LeaseRenewal;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Peer;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.time.Deadline;
import java.time.Duration;

/// A store that first makes sure that no other agent runs under this member's name.
///
/// The check is made with the first view that the store gives, before anybody sees it: so
/// PostgreSQL can be looked at and served while the store is silent, and yet nothing is written
/// under a name that is taken. Once it has failed, nothing gets through.
final class TwinGuard implements DistributedConfigStore {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final String TAKEN = "there is already a node of this name";

    private final DistributedConfigStore store;
    private final PeerClient peers;
    private final MemberName name;
    private final String ownApiUrl;
    private final Runnable onTwin;
    private volatile Standing standing = Standing.UNKNOWN;

    private enum Standing {
        UNKNOWN,
        ALONE,
        TWIN
    }

    /// @param ownApiUrl where this agent itself answers, so that it doesn't take itself for another
    /// @param onTwin is called once when the name is taken; must return at once
    TwinGuard(
            DistributedConfigStore store,
            PeerClient peers,
            MemberName name,
            String ownApiUrl,
            Runnable onTwin) {
        this.store = store;
        this.peers = peers;
        this.name = name;
        this.ownApiUrl = ownApiUrl;
        this.onTwin = onTwin;
    }

    @Override
    public void reload(ConfigDocument section) {
        store.reload(section);
    }

    @Override
    public ReadResult read(Deadline by) throws InterruptedException {
        ReadResult result = store.read(by);
        return switch (standing) {
            case ALONE -> result;
            case TWIN -> new ReadResult.Unknown(TAKEN);
            case UNKNOWN ->
                    result instanceof ReadResult.Seen(ClusterView view)
                            ? checked(view, result, by)
                            : result;
        };
    }

    private synchronized ReadResult checked(ClusterView view, ReadResult result, Deadline by)
            throws InterruptedException {
        if (standing == Standing.UNKNOWN) {
            MemberStatus entry = view.member(name);
            String apiUrl = entry == null ? null : entry.apiUrl();
            boolean taken =
                    apiUrl != null
                            && !apiUrl.equals(ownApiUrl)
                            && peers.isAlive(
                                    new Peer(name, apiUrl), Deadline.after(by.source(), PATIENCE));
            standing = taken ? Standing.TWIN : Standing.ALONE;
            if (taken) {
                onTwin.run();
            }
        }
        return standing == Standing.ALONE ? result : new ReadResult.Unknown(TAKEN);
    }

    private boolean isClosed() {
        return standing != Standing.ALONE;
    }

    @Override
    public DcsCapabilities capabilities() {
        return store.capabilities();
    }

    @Override
    public WriteResult write(DcsEntry entry, Precondition when, Deadline by)
            throws InterruptedException {
        return isClosed() ? new WriteResult.Unknown(TAKEN) : store.write(entry, when, by);
    }

    @Override
    public WriteResult delete(DcsKey key, Precondition when, Deadline by)
            throws InterruptedException {
        return isClosed() ? new WriteResult.Unknown(TAKEN) : store.delete(key, when, by);
    }

    @Override
    public LeaseResult acquireLeader(LeaseRequest request, Deadline by)
            throws InterruptedException {
        return isClosed() ? new LeaseResult.Unknown(TAKEN) : store.acquireLeader(request, by);
    }

    @Override
    public LeaseResult renewLeader(LeaseRenewal renewal, Deadline by) throws InterruptedException {
        return isClosed() ? new LeaseResult.Unknown(TAKEN) : store.renewLeader(renewal, by);
    }

    @Override
    public WriteResult releaseLeader(LeaseGrant held, Deadline by) throws InterruptedException {
        return isClosed() ? new WriteResult.Unknown(TAKEN) : store.releaseLeader(held, by);
    }

    @Override
    public WriteResult keepSession(Duration ttl, Deadline by) throws InterruptedException {
        return isClosed() ? new WriteResult.Unknown(TAKEN) : store.keepSession(ttl, by);
    }

    @Override
    public WriteResult deleteCluster(Deadline by) throws InterruptedException {
        return isClosed() ? new WriteResult.Unknown(TAKEN) : store.deleteCluster(by);
    }

    @Override
    public Subscription watch(WakeUps wakeUps) {
        return store.watch(wakeUps);
    }

    @Override
    public void close() {
        store.close();
    }
}
