package io.tamada.rest;

import io.tamada.ha.model.ClusterView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may change state: by source address, by client certificate, by user and password, in this
/// order.
final class Authorization {

    /// How a path is guarded.
    enum Guard {
        /// Everybody may.
        OPEN,
        CHANGES_STATE,
        /// Members ask each other while the store is silent: an allowlist that consists of members
        /// alone can't be relied on then.
        MEMBERS_IN_NEED
    }

    private final RestSettings settings;
    private final Networks allowed;
    private final MemberAddresses members;
    private final List<String> problems;

    Authorization(RestSettings settings, MemberAddresses members) {
        this.settings = settings;
        this.members = members;
        List<String> found = new ArrayList<>();
        this.allowed = Networks.resolve(settings.allowlist(), found);
        this.problems = List.copyOf(found);
    }

    /// Sentences about settings that could not be used.
    List<String> problems() {
        return problems;
    }

    /// The refusal; null when the request may pass.
    ///
    /// @param view what the store last said, however long ago
    @Nullable Response refusal(Guard guard, Request request, @Nullable ClusterView view)
            throws InterruptedException {
        if (guard == Guard.OPEN) {
            return null;
        }
        if (!isFromAllowedAddress(guard, request, view)) {
            return Response.text(403, "Access is denied");
        }
        RestSettings.Tls tls = settings.tls();
        if (tls != null
                && tls.verifyClient() != RestSettings.VerifyClient.NONE
                && !request.clientCertificate()) {
            return Response.text(403, "client certificate required");
        }
        Credentials credentials = settings.credentials();
        if (credentials == null) {
            return null;
        }
        if (request.authorization() == null) {
            return unauthorized("no auth header received");
        }
        return credentials.match(request.authorization())
                ? null
                : unauthorized("not authenticated");
    }

    private boolean isFromAllowedAddress(Guard guard, Request request, @Nullable ClusterView view)
            throws InterruptedException {
        boolean byMembers = settings.allowlistIncludeMembers();
        boolean unrestricted =
                settings.allowlist().isEmpty() && (!byMembers || guard == Guard.MEMBERS_IN_NEED);
        return unrestricted
                || allowed.contains(request.remote())
                || (byMembers && view != null && members.contain(request.remote(), view));
    }

    private static Response unauthorized(String text) {
        return Response.text(401, text).with("WWW-Authenticate", "Basic realm=\"Patroni\"");
    }
}
