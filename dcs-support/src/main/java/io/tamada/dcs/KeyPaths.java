package io.tamada.dcs;

import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.model.MemberName;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where a cluster's keys lie, and what each is called. Patroni's layout.
///
/// A key is written relative to the cluster's base path, without a leading slash: `leader`,
/// `members/a`.
public final class KeyPaths {

    /// Under which the members publish themselves.
    public static final String MEMBERS = "members/";

    /// The position key of members older than 2.1.0: read when `status` is missing.
    public static final String LEGACY_OPTIME = "optime/leader";

    private final String base;

    private KeyPaths(String base) {
        this.base = base;
    }

    /// The paths of one cluster.
    ///
    /// @param namespace for instance `/service`; slashes around and doubled ones don't matter
    /// @param scope the cluster's name
    /// @param group the Citus group; null without Citus
    /// @throws IllegalArgumentException when the scope is blank
    public static KeyPaths of(String namespace, String scope, @Nullable Integer group) {
        if (scope.isBlank()) {
            throw new IllegalArgumentException("scope: must not be blank");
        }
        String joined = namespace + "/" + scope + (group == null ? "" : "/" + group);
        return new KeyPaths(
                Arrays.stream(joined.split("/"))
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("/", "/", "")));
    }

    /// The base path, with a leading and without a trailing slash: `/service/demo`.
    public String base() {
        return base;
    }

    /// What all keys of the cluster begin with: `/service/demo/`.
    public String prefix() {
        return base + "/";
    }

    /// The absolute path of a relative key.
    public String absolute(String key) {
        return prefix() + key;
    }

    /// The relative key of an absolute path; null when it doesn't lie below the base.
    public @Nullable String relative(String path) {
        return path.length() > prefix().length() && path.startsWith(prefix())
                ? path.substring(prefix().length())
                : null;
    }

    /// The relative key of an entry.
    ///
    /// @throws IllegalArgumentException for a member whose name has a slash: it would be no direct
    ///   child
    public static String key(DcsKey key) {
        return switch (key) {
            case DcsKey.Single single -> single.name().toLowerCase(Locale.ROOT);
            case DcsKey.Member(MemberName name) -> MEMBERS + withoutSlash(name).value();
        };
    }

    /// Which entry a relative key is; null for one that isn't ours to understand.
    public static @Nullable DcsKey parse(String key) {
        if (key.startsWith(MEMBERS)) {
            String name = key.substring(MEMBERS.length());
            return name.isBlank() || name.indexOf('/') >= 0 || name.equals(MemberName.RESERVED)
                    ? null
                    : DcsKey.member(MemberName.of(name));
        }
        for (DcsKey.Single single : DcsKey.Single.values()) {
            if (key(single).equals(key)) {
                return single;
            }
        }
        return null;
    }

    /// The hint that a change of a relative key gives.
    public static WakeUps.Hint hint(String key) {
        return switch (parse(key)) {
            case DcsKey.Single.LEADER -> WakeUps.Hint.LEADER;
            case DcsKey.Single.CONFIG -> WakeUps.Hint.CONFIG;
            case DcsKey.Single.FAILOVER -> WakeUps.Hint.FAILOVER;
            case DcsKey.Single.SYNC -> WakeUps.Hint.SYNC;
            case DcsKey.Single.STATUS -> WakeUps.Hint.STATUS;
            case DcsKey.Member _ -> WakeUps.Hint.MEMBERS;
            case DcsKey.Single.INITIALIZE, DcsKey.Single.HISTORY, DcsKey.Single.FAILSAFE ->
                    WakeUps.Hint.OTHER;
            case null -> key.equals(LEGACY_OPTIME) ? WakeUps.Hint.STATUS : WakeUps.Hint.OTHER;
        };
    }

    static MemberName withoutSlash(MemberName name) {
        if (name.value().indexOf('/') >= 0) {
            throw new IllegalArgumentException("name: '" + name + "' must not contain a slash");
        }
        return name;
    }

    @Override
    public String toString() {
        return base;
    }
}
