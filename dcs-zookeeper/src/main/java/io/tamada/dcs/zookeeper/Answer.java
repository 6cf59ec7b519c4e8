package io.tamada.dcs.zookeeper;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/// What came of a request.
///
/// @param code the server's answer, or why there is none
/// @param results of the single operations, where the server got so far
/// @param sent false when it is certain that no server has seen the request
record Answer(Code code, @Nullable List<OpResult> results, boolean sent) {

    /// Refusals that say more than that a node is missing.
    private static final Set<Code> IN_ITSELF =
            EnumSet.of(Code.NOAUTH, Code.SESSIONCLOSEDREQUIRESASLAUTH);

    static Answer of(int code, @Nullable List<OpResult> results) {
        Code known = Code.get(code);
        return new Answer(known == null ? Code.SYSTEMERROR : known, results, true);
    }

    /// Nobody answered in time.
    static Answer late() {
        return new Answer(Code.OPERATIONTIMEOUT, null, true);
    }

    /// There was no connection to send it over.
    static Answer unsent() {
        return new Answer(Code.CONNECTIONLOSS, null, false);
    }

    boolean isOk() {
        return code == Code.OK;
    }

    /// True when nobody knows whether it took effect.
    boolean isUnknown() {
        return sent
                && switch (code) {
                    case CONNECTIONLOSS, OPERATIONTIMEOUT, SYSTEMERROR, MARSHALLINGERROR -> true;
                    default -> false;
                };
    }

    boolean isSessionGone() {
        return code == Code.SESSIONEXPIRED;
    }

    /// The state of the node that operation `index` wrote.
    Stat written(int index) {
        return ((OpResult.SetDataResult) Objects.requireNonNull(results).get(index)).getStat();
    }

    String problem() {
        return switch (cause()) {
            case CONNECTIONLOSS -> sent ? "the connection was lost" : "no ZooKeeper server answers";
            case OPERATIONTIMEOUT -> "no answer in time";
            case NOAUTH ->
                    "not authorised: zookeeper.auth_data doesn't satisfy the key's access list";
            default -> "ZooKeeper answered " + cause();
        };
    }

    /// What went wrong: the code speaks of the first operation that failed, and in a read that may
    /// be a node that is missing, which is an answer like any other.
    private Code cause() {
        if ((code != Code.OK && code != Code.NONODE) || results == null) {
            return code;
        }
        return results.stream()
                .filter(OpResult.ErrorResult.class::isInstance)
                .map(result -> Code.get(((OpResult.ErrorResult) result).getErr()))
                .filter(IN_ITSELF::contains)
                .findFirst()
                .orElse(code);
    }
}
