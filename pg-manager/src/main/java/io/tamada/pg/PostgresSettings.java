package io.tamada.pg;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.MemberName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How this member's PostgreSQL is to be run: the `postgresql` section after merging, understood
/// and checked.
///
/// Immutable; [PostgresManager#settings(PostgresSettings)] replaces them while it runs.
public final class PostgresSettings {

    private static final String SCRAM = "scram-sha-256";

    private static final List<String> LOCAL_ONLY =
            List.of(
                    "connect_address",
                    "proxy_address",
                    "listen",
                    "config_dir",
                    "data_dir",
                    "pgpass",
                    "authentication");

    final String scope;
    final MemberName name;
    final Path dataDir;
    final Path configDir;
    final String configBaseName;
    final @Nullable Path binDir;
    final Map<String, String> binNames;
    final @Nullable String customConf;
    final Path pgpass;
    final @Nullable Path serverLog;
    final ServerAddress listen;
    final ServerAddress connectAddress;
    final @Nullable ServerAddress proxyAddress;
    final boolean useUnixSocket;
    final boolean useUnixSocketRepl;
    final String database;
    final Credentials superuser;
    final Credentials replication;
    final Credentials rewind;
    final RoleVariants<Map<String, String>> parameters;
    final RoleVariants<List<String>> hba;
    final RoleVariants<List<String>> ident;
    final Map<String, String> recoveryConf;
    final List<ReplicaMethod> replicaMethods;
    final Map<String, ReplicaMethod> namedMethods;
    final boolean useRewind;
    final Map<String, @Nullable String> rewindOptions;
    final boolean removeDataOnRewindFailure;
    final boolean removeDataOnDivergedTimelines;
    final Map<String, String> callbacks;
    final @Nullable String prePromote;
    final @Nullable String beforeStop;
    final Duration startTimeout;
    final @Nullable String krbsrvname;
    final BootstrapSettings bootstrap;

    private PostgresSettings(
            String scope, MemberName name, SettingsTree tree, SettingsTree bootstrap) {
        this.scope = scope;
        this.name = name;
        String data = tree.text("data_dir");
        if (data == null || data.isBlank()) {
            throw tree.wrong("data_dir", data, "the path of a data directory");
        }
        dataDir = Path.of(data).toAbsolutePath().normalize();
        configDir =
                Path.of(tree.text("config_dir", dataDir.toString())).toAbsolutePath().normalize();
        configBaseName = tree.text("config_base_name", "postgresql");
        String bin = tree.text("bin_dir");
        binDir = bin == null || bin.isBlank() ? null : Path.of(bin);
        binNames = tree.texts("bin_name");
        customConf = tree.text("custom_conf");
        pgpass =
                Path.of(tree.text("pgpass", System.getProperty("user.home", ".") + "/pgpass"))
                        .toAbsolutePath();
        String log = tree.text("server_log");
        serverLog = log == null ? null : Path.of(log).toAbsolutePath();
        listen = ServerAddress.parse("postgresql.listen", tree.text("listen", "localhost"));
        String connect = tree.text("connect_address");
        connectAddress =
                connect == null
                        ? new ServerAddress(LocalAddress.reachable(listen.host()), listen.port())
                        : ServerAddress.parse("postgresql.connect_address", connect);
        String proxy = tree.text("proxy_address");
        proxyAddress =
                proxy == null ? null : ServerAddress.parse("postgresql.proxy_address", proxy);
        useUnixSocket = tree.flag("use_unix_socket", false);
        useUnixSocketRepl = tree.flag("use_unix_socket_repl", false);
        database = tree.text("database", "postgres");
        SettingsTree authentication = tree.section("authentication");
        superuser = Credentials.of(authentication.section("superuser"));
        replication = Credentials.of(authentication.section("replication"));
        rewind =
                authentication.has("rewind")
                        ? Credentials.of(authentication.section("rewind"))
                        : superuser;
        parameters = RoleVariants.of("parameters", key -> tree.has(key) ? tree.texts(key) : null);
        hba = RoleVariants.of("pg_hba", tree::lines);
        ident = RoleVariants.of("pg_ident", tree::lines);
        recoveryConf = tree.texts("recovery_conf");
        String methodsKey =
                tree.has("create_replica_methods")
                        ? "create_replica_methods"
                        : "create_replica_method";
        namedMethods = new LinkedHashMap<>();
        replicaMethods =
                tree.words(methodsKey, List.of(ReplicaMethod.BASEBACKUP)).stream()
                        .map(method -> ReplicaMethod.of(method, tree))
                        .toList();
        tree.entries()
                .forEach((key, value) -> {
                    boolean method = value instanceof Map<?, ?> map && map.containsKey("command");
                    if (method || key.equals(ReplicaMethod.BASEBACKUP)) {
                        namedMethods.put(key, ReplicaMethod.of(key, tree));
                    }
                });
        useRewind = tree.flag("use_pg_rewind", false);
        rewindOptions = tree.options("rewind");
        removeDataOnRewindFailure = tree.flag("remove_data_directory_on_rewind_failure", false);
        removeDataOnDivergedTimelines =
                tree.flag("remove_data_directory_on_diverged_timelines", false);
        callbacks = tree.texts("callbacks");
        callbacks.keySet().forEach(event -> tree.section("callbacks").command(event));
        prePromote = tree.command("pre_promote");
        beforeStop = tree.command("before_stop");
        startTimeout = Duration.ofSeconds(tree.integer("pg_ctl_timeout", 60, 1, 86_400));
        krbsrvname = tree.text("krbsrvname");
        this.bootstrap = BootstrapSettings.of(bootstrap);
    }

    /// Reads the merged configuration.
    ///
    /// @param postgresql the `postgresql` section in force, see [#merge]
    /// @param bootstrap the `bootstrap` section; empty when there is none
    /// @throws IllegalArgumentException naming the setting, its value and what is expected
    public static PostgresSettings of(
            String scope, MemberName name, ConfigDocument postgresql, ConfigDocument bootstrap) {
        return new PostgresSettings(
                scope,
                name,
                new SettingsTree("postgresql", postgresql),
                new SettingsTree("bootstrap", bootstrap));
    }

    /// Lays this member's `postgresql` section over the dynamic one.
    ///
    /// Whether `pg_hba` admits nobody whose password is stored in another way: what PostgreSQL
    /// stores before 14 unless it is told to.
    boolean requiresScram() {
        Map<String, String> own = parameters.base();
        if (own != null && own.containsKey("password_encryption")) {
            return SCRAM.equals(own.get("password_encryption"));
        }
        return Stream.of(
                        hba.base() == null ? Stream.<String>empty() : hba.base().stream(),
                        hba.byRole().values().stream().flatMap(List::stream),
                        bootstrap.hba().stream())
                .flatMap(lines -> lines)
                .filter(line -> !line.strip().startsWith("#"))
                .anyMatch(line -> List.of(line.strip().split("\\s+")).contains(SCRAM));
    }

    /// The dynamic one may not carry what is local to a member, and parameters that all members
    /// must agree on count from the dynamic one alone.
    public static ConfigDocument merge(ConfigDocument dynamic, ConfigDocument local) {
        Map<String, @Nullable Object> shared = new LinkedHashMap<>(dynamic.root());
        shared.keySet().removeAll(LOCAL_ONLY);
        Map<String, @Nullable Object> own = new LinkedHashMap<>(local.root());
        if (own.get("parameters") instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
            Set<String> controlled = ControlledParameter.names();
            map.forEach((key, value) -> {
                if (!controlled.contains(String.valueOf(key))) {
                    parameters.put(String.valueOf(key), value);
                }
            });
            own.put("parameters", parameters);
        }
        // Parameters are merged one by one; of everything else the local section has the whole say.
        own.keySet().stream().filter(key -> !key.equals("parameters")).forEach(shared::remove);
        return ConfigDocument.of(shared).patched(ConfigDocument.of(own));
    }

    public MemberName name() {
        return name;
    }

    public Path dataDir() {
        return dataDir;
    }

    /// The name of PostgreSQL's server program, as its processes show it.
    public String serverProgram() {
        return binNames.getOrDefault("postgres", "postgres");
    }

    /// `use_pg_rewind`.
    public boolean useRewind() {
        return useRewind;
    }

    public boolean removeDataOnRewindFailure() {
        return removeDataOnRewindFailure;
    }

    public boolean removeDataOnDivergedTimelines() {
        return removeDataOnDivergedTimelines;
    }

    /// Some replica method needs no running source.
    public boolean cloneWithoutLeader() {
        return replicaMethods.stream()
                .anyMatch(m -> m instanceof ReplicaMethod.CustomMethod custom && custom.noLeader());
    }

    /// What to publish for clients: address and database, no credentials.
    public String connUrl() {
        return "postgres://" + connectAddress.urlForm() + "/" + database;
    }

    /// What to publish for clients behind a proxy; null without `proxy_address`.
    public @Nullable String proxyUrl() {
        return proxyAddress == null
                ? null
                : "postgres://" + proxyAddress.urlForm() + "/" + database;
    }
}
