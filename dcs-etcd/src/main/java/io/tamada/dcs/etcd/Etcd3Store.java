package io.tamada.dcs.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.Status;
import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore;
import io.tamada.dcs.etcd.Etcd3Wire.Repeat;
import io.tamada.dcs.etcd.Etcd3Wire.Reply;
import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Revision;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One cluster's keys in etcd. A session is a lease, and a key belongs to the lease that it was
/// written with.
///
/// Reads are linearizable: they show every write that was applied before. Every write is a
/// transaction with its precondition in it.
final class Etcd3Store implements KeyValueStore {

    /// What a server with the usual election time-out of a second grants at least.
    private static final Duration TTL_MIN = Duration.ofSeconds(2);

    private static final DcsCapabilities CAPABILITIES =
            new DcsCapabilities(
                    true,
                    DcsCapabilities.Expiry.STORE,
                    TTL_MIN,
                    Duration.ofSeconds(1),
                    true,
                    false);

    private static final long NO_LEASE = 0;
    private static final String NOT_OWNED = "the key belongs to somebody else, or is gone";

    private final Etcd3Wire wire;
    private final Etcd3Watch watch;
    private final KeyPaths paths;

    Etcd3Store(Etcd3Wire wire, KeyPaths paths) {
        this.wire = wire;
        this.paths = paths;
        this.watch = new Etcd3Watch(wire, paths);
    }

    @Override
    public void reload(ConfigDocument section) {
        wire.reload(EtcdSettings.of(Etcd3Provider.SECTION, section));
    }

    @Override
    public DcsCapabilities capabilities() {
        return CAPABILITIES;
    }

    // ---- keys
    // --------------------------------------------------------------------------------------------------

    @Override
    public Range range(Deadline by) throws InterruptedException {
        RangeRequest request =
                RangeRequest.newBuilder()
                        .setKey(Bytes.of(paths.prefix()))
                        .setRangeEnd(Bytes.afterAll(paths.prefix()))
                        .build();
        return switch (wire.call(KVGrpc.getRangeMethod(), request, Repeat.HARMLESS, by)) {
            case Reply.Answered<RangeResponse>(RangeResponse answer) ->
                    new Range.Seen(relative(answer.getKvsList()));
            case Reply.Denied<RangeResponse>(_, String problem) -> new Range.Unknown(problem);
            case Reply.Silent<RangeResponse>(String problem) -> new Range.Unknown(problem);
        };
    }

    private List<Entry> relative(List<KeyValue> found) {
        List<Entry> entries = new ArrayList<>();
        for (KeyValue entry : found) {
            String key = paths.relative(entry.getKey().toStringUtf8());
            if (key != null) {
                entries.add(
                        new Entry(
                                key,
                                entry.getValue().toStringUtf8(),
                                Revision.of(entry.getModRevision()),
                                entry.getLease() == NO_LEASE
                                        ? null
                                        : Long.toString(entry.getLease())));
            }
        }
        return entries;
    }

    @Override
    public WriteResult put(
            String key, String value, Precondition when, @Nullable Session session, Deadline by)
            throws InterruptedException {
        long lease = session == null ? NO_LEASE : number(session.id());
        if (session != null && lease == NO_LEASE) {
            return new WriteResult.Refused(SESSION_LOST);
        }
        PutRequest.Builder put =
                PutRequest.newBuilder()
                        .setKey(absolute(key))
                        .setValue(ByteString.copyFromUtf8(value))
                        .setLease(lease);
        TxnRequest.Builder txn =
                TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder().setRequestPut(put));
        if (!guard(txn, key, when)) {
            return new WriteResult.Refused("the key was never at this revision");
        }
        return written(txn.build(), "the key is not as it was expected to be", by);
    }

    @Override
    public WriteResult remove(String key, Precondition when, Deadline by)
            throws InterruptedException {
        TxnRequest.Builder txn = TxnRequest.newBuilder().addSuccess(deletion(key));
        // A revision that etcd never gave is met by an absent key only.
        if (!guard(txn, key, when)) {
            guard(txn, key, Precondition.absent());
        }
        txn.addFailure(
                RequestOp.newBuilder()
                        .setRequestRange(
                                RangeRequest.newBuilder()
                                        .setKey(absolute(key))
                                        .setCountOnly(true)));
        return switch (txn(txn.build(), by)) {
            case Reply.Answered<TxnResponse>(TxnResponse answer) ->
                    answer.getSucceeded()
                                    || answer.getResponses(0).getResponseRange().getCount() == 0
                            ? applied(answer)
                            : new WriteResult.Refused("the key is not as it was expected to be");
            case Reply.Denied<TxnResponse>(_, String problem) -> new WriteResult.Unknown(problem);
            case Reply.Silent<TxnResponse>(String problem) -> new WriteResult.Unknown(problem);
        };
    }

    @Override
    public WriteResult removeOwned(String key, Session session, Deadline by)
            throws InterruptedException {
        RangeRequest request = RangeRequest.newBuilder().setKey(absolute(key)).build();
        return switch (wire.call(KVGrpc.getRangeMethod(), request, Repeat.HARMLESS, by)) {
            case Reply.Answered<RangeResponse>(RangeResponse answer) ->
                    isOwned(answer, session)
                            // Whoever writes it meanwhile, us included, gives it another revision.
                            ? written(
                                    TxnRequest.newBuilder()
                                            .addCompare(
                                                    isAt(key, answer.getKvs(0).getModRevision()))
                                            .addSuccess(deletion(key))
                                            .build(),
                                    NOT_OWNED,
                                    by)
                            : new WriteResult.Refused(NOT_OWNED);
            case Reply.Denied<RangeResponse>(_, String problem) -> new WriteResult.Unknown(problem);
            case Reply.Silent<RangeResponse>(String problem) -> new WriteResult.Unknown(problem);
        };
    }

    private static boolean isOwned(RangeResponse answer, Session session) {
        return answer.getKvsCount() == 1
                && answer.getKvs(0).getLease() == number(session.id())
                && answer.getKvs(0).getLease() != NO_LEASE;
    }

    private Compare.Builder isAt(String key, long revision) {
        return Compare.newBuilder()
                .setKey(absolute(key))
                .setResult(Compare.CompareResult.EQUAL)
                .setTarget(Compare.CompareTarget.MOD)
                .setModRevision(revision);
    }

    @Override
    public WriteResult removeAll(Deadline by) throws InterruptedException {
        DeleteRangeRequest all =
                DeleteRangeRequest.newBuilder()
                        .setKey(Bytes.of(paths.prefix()))
                        .setRangeEnd(Bytes.afterAll(paths.prefix()))
                        .build();
        return written(
                TxnRequest.newBuilder()
                        .addSuccess(RequestOp.newBuilder().setRequestDeleteRange(all))
                        .build(),
                "",
                by);
    }

    private RequestOp deletion(String key) {
        return RequestOp.newBuilder()
                .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(absolute(key)))
                .build();
    }

    /// @return false for a revision that etcd never gave
    private boolean guard(TxnRequest.Builder txn, String key, Precondition when) {
        Compare.Builder compare =
                Compare.newBuilder().setKey(absolute(key)).setResult(Compare.CompareResult.EQUAL);
        switch (when) {
            case Precondition.Absent _ ->
                    txn.addCompare(
                            Compare.newBuilder()
                                    .setKey(absolute(key))
                                    .setResult(Compare.CompareResult.EQUAL)
                                    .setTarget(Compare.CompareTarget.CREATE)
                                    .setCreateRevision(0));
            case Precondition.At(Revision revision) -> {
                long number = number(revision.value());
                if (number <= 0) {
                    return false;
                }
                txn.addCompare(compare.setTarget(Compare.CompareTarget.MOD).setModRevision(number));
            }
            case Precondition.Whatever _ -> {}
        }
        return true;
    }

    private WriteResult written(TxnRequest request, String refusal, Deadline by)
            throws InterruptedException {
        return switch (txn(request, by)) {
            case Reply.Answered<TxnResponse>(TxnResponse answer) ->
                    answer.getSucceeded() ? applied(answer) : new WriteResult.Refused(refusal);
            case Reply.Denied<TxnResponse>(Status status, String problem) ->
                    status.getCode() == Status.Code.NOT_FOUND
                            ? new WriteResult.Refused(SESSION_LOST)
                            : new WriteResult.Unknown(problem);
            case Reply.Silent<TxnResponse>(String problem) -> new WriteResult.Unknown(problem);
        };
    }

    private Reply<TxnResponse> txn(TxnRequest request, Deadline by) throws InterruptedException {
        return wire.call(KVGrpc.getTxnMethod(), request, Repeat.NEVER, by);
    }

    private static WriteResult applied(TxnResponse answer) {
        return new WriteResult.Applied(Revision.of(answer.getHeader().getRevision()));
    }

    private ByteString absolute(String key) {
        return Bytes.of(paths.absolute(key));
    }

    // ---- sessions
    // ----------------------------------------------------------------------------------------------

    @Override
    public SessionResult openSession(Duration ttl, Deadline by) throws InterruptedException {
        // Asked twice, one of the two leases is never used and ends by itself.
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder()
                        .setTTL(Math.max(1, ttl.plusMillis(999).toSeconds()))
                        .build();
        return switch (wire.call(LeaseGrpc.getLeaseGrantMethod(), request, Repeat.HARMLESS, by)) {
            case Reply.Answered<LeaseGrantResponse>(LeaseGrantResponse answer) ->
                    answer.getError().isEmpty()
                            ? new SessionResult.Granted(session(answer.getID(), answer.getTTL()))
                            : new SessionResult.Lost(answer.getError());
            case Reply.Denied<LeaseGrantResponse>(_, String problem) ->
                    new SessionResult.Unknown(problem);
            case Reply.Silent<LeaseGrantResponse>(String problem) ->
                    new SessionResult.Unknown(problem);
        };
    }

    @Override
    public SessionResult renewSession(Session session, @Nullable String ownedKey, Deadline by)
            throws InterruptedException {
        LeaseKeepAliveRequest request =
                LeaseKeepAliveRequest.newBuilder().setID(number(session.id())).build();
        return switch (wire.call(
                LeaseGrpc.getLeaseKeepAliveMethod(), request, Repeat.HARMLESS, by)) {
            case Reply.Answered<LeaseKeepAliveResponse>(LeaseKeepAliveResponse answer) ->
                    answer.getTTL() <= 0
                            ? new SessionResult.Lost(SESSION_LOST)
                            : owned(session(answer.getID(), answer.getTTL()), ownedKey, by);
            case Reply.Denied<LeaseKeepAliveResponse>(Status status, String problem) ->
                    status.getCode() == Status.Code.NOT_FOUND
                            ? new SessionResult.Lost(SESSION_LOST)
                            : new SessionResult.Unknown(problem);
            case Reply.Silent<LeaseKeepAliveResponse>(String problem) ->
                    new SessionResult.Unknown(problem);
        };
    }

    /// A lease that lives may have lost its key to somebody who took it: the check comes last.
    private SessionResult owned(Session session, @Nullable String ownedKey, Deadline by)
            throws InterruptedException {
        if (ownedKey == null) {
            return new SessionResult.Granted(session);
        }
        RangeRequest request = RangeRequest.newBuilder().setKey(absolute(ownedKey)).build();
        return switch (wire.call(KVGrpc.getRangeMethod(), request, Repeat.HARMLESS, by)) {
            case Reply.Answered<RangeResponse>(RangeResponse answer) ->
                    answer.getKvsCount() == 1 && answer.getKvs(0).getLease() == number(session.id())
                            ? new SessionResult.Granted(session)
                            : new SessionResult.NotOwner(
                                    session, "the key belongs to somebody else, or is gone");
            case Reply.Denied<RangeResponse>(_, String problem) ->
                    new SessionResult.Unknown(problem);
            case Reply.Silent<RangeResponse>(String problem) -> new SessionResult.Unknown(problem);
        };
    }

    private static Session session(long id, long ttlSeconds) {
        return new Session(Long.toString(id), Duration.ofSeconds(ttlSeconds));
    }

    /// The number in a token of ours; zero for any other text.
    private static long number(String token) {
        try {
            return Long.parseLong(token);
        } catch (NumberFormatException e) {
            return NO_LEASE;
        }
    }

    @Override
    public Subscription watch(WakeUps wakeUps) {
        return watch.add(wakeUps);
    }

    @Override
    public void close() {
        watch.close();
        wire.close();
    }
}
