package io.tamada.ctl;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.HaTimings;
import io.tamada.ha.model.Values;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What the tool uses of a configuration, which may be an agent's own. Nothing else in it is looked
/// at.
///
/// @param section which store to use where the operator named one; null to take the first that is
///   configured
record CtlSettings(ConfigDocument document, @Nullable String section) {

    private static final String NAMESPACE = "service";

    /// The cluster that commands mean when none is named; null when the configuration names none.
    @Nullable String scope() {
        return text("scope");
    }

    String namespace() {
        String configured = text("namespace");
        return configured == null ? NAMESPACE : configured;
    }

    /// The Citus group of the configuration; null when it has no usable `citus` section.
    @Nullable Integer citusGroup() {
        OptionalLong group = Values.integer(document.at("citus", "group"));
        return group.isPresent() ? Integer.valueOf((int) group.getAsLong()) : null;
    }

    boolean isCitus() {
        return citusGroup() != null && text("citus", "database") != null;
    }

    HaTimings timings() {
        return HaTimings.adjusted(
                        number("ttl", 30), number("loop_wait", 10), number("retry_timeout", 10))
                .timings();
    }

    /// How to talk to members.
    RestAccess restAccess(boolean insecure) {
        String credentials = credentials("ctl");
        boolean unverified = insecure || Values.bool(document.at("ctl", "insecure")).orElse(false);
        String cacert = text("ctl", "cacert");
        return new RestAccess(
                credentials == null ? credentials("restapi") : credentials,
                unverified,
                cacert == null ? text("restapi", "cafile") : cacert,
                text("ctl", "certfile"),
                text("ctl", "keyfile"),
                text("ctl", "keyfile_password"));
    }

    private @Nullable String credentials(String section) {
        String user = text(section, "authentication", "username");
        String password = text(section, "authentication", "password");
        return user != null && password != null ? user + ":" + password : text(section, "auth");
    }

    /// The store's section: the one named, else the first of those available that is configured.
    ///
    /// @throws CtlError when there is none
    String storeSection(List<String> available) {
        if (section != null) {
            return section;
        }
        return available.stream()
                .filter(s -> document.root().containsKey(s))
                .findFirst()
                .orElseThrow(() ->
                        new CtlError(
                                "No store is configured: give a configuration file with -c, or a store with -d"
                                        + " (-d STORE://host:port), or PATRONI_* variables;"
                                        + " sections of the stores that are installed: "
                                        + available));
    }

    private @Nullable String text(String... path) {
        Object value = document.at(path);
        return value == null || value.toString().isEmpty() ? null : value.toString();
    }

    private long number(String key, long byDefault) {
        return Values.integer(document.at(key)).orElse(byDefault);
    }
}
