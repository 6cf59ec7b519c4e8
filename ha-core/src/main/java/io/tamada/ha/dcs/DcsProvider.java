package io.tamada.ha.dcs;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.HaTimings;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.time.TimeSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes stores of one kind. Found by `ServiceLoader`: a jar on the class path adds a backend.
///
/// Implementations have a public constructor without parameters, and are named both in
/// `META-INF/services` and, if modular, in `provides`.
public interface DcsProvider {

    /// The configuration section it serves, for instance `etcd3`.
    String section();

    /// What may be given in its section, in the order of documentation.
    List<StoreSetting> settings();

    /// How a URL's address is spelt in its section; empty when a URL can't name this store.
    default Optional<StoreUrl> url() {
        return Optional.empty();
    }

    /// What is wrong with a section beyond its single settings: some that contradict each other, or
    /// of which one is missing. Opens and asks nothing.
    ///
    /// @return one line each, beginning with `section.key: ` where one setting is concerned
    default List<String> problems(ConfigDocument section) {
        return List.of();
    }

    /// Opens a store.
    ///
    /// Blocks no longer than it takes to start threads and bind ports: the first contact is made by
    /// the first call.
    ///
    /// @throws IllegalArgumentException for a setting that is missing or wrong: its name, its
    ///   value, what is allowed
    DistributedConfigStore open(Context context);

    /// What a provider gets.
    ///
    /// @param settings the provider's own section
    /// @param namespace key prefix, for instance `/service`
    /// @param scope the cluster's name
    /// @param member who opens it; null for a tool that is no member: it opens no session and takes
    ///   no lease
    /// @param group the Citus group; null without Citus
    /// @param timings ttl, loop_wait and retry_timeout at start
    record Context(
            ConfigDocument settings,
            String namespace,
            String scope,
            @Nullable MemberName member,
            @Nullable Integer group,
            HaTimings timings,
            TimeSource time) {}
}
