package io.tamada.agent.doctor;

import io.tamada.configuration.Finding;
import io.tamada.configuration.HostPort;
import io.tamada.configuration.LocalConfiguration;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Versioned;
import io.tamada.ha.time.TimeSource;
import io.tamada.pg.PostgresSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All that the checks look at.
///
/// @param local nothing in it is refused
/// @param findings of the validation, and about files and ports
/// @param environment the process environment
/// @param serverRuns whether a postmaster of this data directory is at work
/// @param view what the store says; null when it doesn't answer
public record Patient(
        LocalConfiguration local,
        List<Finding> findings,
        Map<String, String> environment,
        Machine machine,
        TimeSource time,
        boolean serverRuns,
        @Nullable ClusterView view) {

    Patient seeing(ClusterView seen) {
        return new Patient(local, findings, environment, machine, time, serverRuns, seen);
    }

    /// The dynamic configuration: the store's, else what a new cluster begins with.
    ConfigDocument dynamic() {
        ClusterView seen = view;
        Versioned<ConfigDocument> stored = seen == null ? null : seen.config();
        return stored == null ? local.firstDynamic() : stored.value();
    }

    ClusterSettings cluster() {
        return ClusterSettings.of(dynamic());
    }

    /// The `postgresql` section in force: the dynamic one with the local one laid over it.
    ConfigDocument postgresql() {
        return PostgresSettings.merge(
                dynamic().section("postgresql"), local.document().section("postgresql"));
    }

    /// The text at a path of the local configuration; null when there is none.
    @Nullable String text(String... path) {
        return text(local.document(), path);
    }

    static @Nullable String text(ConfigDocument document, String... path) {
        Object value = document.at(path);
        return value == null || value instanceof Map || value instanceof List
                ? null
                : value.toString();
    }

    /// A setting's name with the place where it was given.
    String named(String... path) {
        return String.join(".", path) + " (" + local.placeOf(path) + ")";
    }

    Path dataDir() {
        String directory = text("postgresql", "data_dir");
        return Path.of(directory == null ? "" : directory).toAbsolutePath().normalize();
    }

    boolean hasData() {
        return java.nio.file.Files.isRegularFile(dataDir().resolve("PG_VERSION"));
    }

    /// The user's name for a role of ours: `superuser`, `replication` or `rewind`.
    String user(String role) {
        String user = text("postgresql", "authentication", role, "username");
        return user == null ? "postgres" : user;
    }

    /// Hosts of the other members, as the store has them, else as an embedded store's section does.
    Set<String> otherHosts() {
        Set<String> hosts = new LinkedHashSet<>();
        ClusterView seen = view;
        if (seen != null) {
            seen.members()
                    .values()
                    .forEach(member -> {
                        Server server = Server.of(member.connUrl());
                        if (server != null && !member.name().equals(local.name())) {
                            hosts.add(server.host());
                        }
                    });
        }
        if (hosts.isEmpty()) {
            partners()
                    .forEach(partner ->
                            HostPort.parse(partner, 0).ifPresent(p -> hosts.addAll(p.hosts())));
        }
        return hosts;
    }

    /// How many members the cluster has with this one, as far as anybody can tell.
    int members() {
        ClusterView seen = view;
        int known = 1;
        if (seen != null) {
            known = seen.members().size() + (seen.member(local.name()) == null ? 1 : 0);
        }
        return Math.max(known, 1 + partners().size());
    }

    /// Whom an embedded store's section names besides this member.
    private List<String> partners() {
        List<String> partners = new ArrayList<>();
        if (local.document().at(local.storeSection(), "partner_addrs") instanceof List<?> list) {
            list.forEach(each -> partners.add(String.valueOf(each)));
        }
        return partners;
    }

    /// True when the store is made of the members themselves, and so can't answer before they run.
    boolean storeIsEmbedded() {
        return local.document().at(local.storeSection(), "self_addr") != null;
    }
}
