package io.tamada.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.testkit.ShelfProvider;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    private static final String PATRONI_SETTINGS =
            """
            name scope namespace thread_pool_size thread_stack_size
            log: type level traceback_level format dateformat static_fields max_queue_size dir mode file_num file_size
            log: loggers deduplicate_heartbeat_logs
            bootstrap: method initdb pg_hba post_bootstrap post_init users
            ttl loop_wait retry_timeout maximum_lag_on_failover maximum_lag_on_syncnode max_timelines_history
            primary_start_timeout master_start_timeout primary_stop_timeout master_stop_timeout primary_race_backoff
            synchronous_mode synchronous_mode_strict synchronous_node_count failsafe_mode check_timeline pause
            standby_cluster: host port primary_slot_name create_replica_methods restore_command
            standby_cluster: archive_cleanup_command recovery_min_apply_delay
            member_slots_ttl slots permanent_slots permanent_replication_slots ignore_slots
            postgresql: listen connect_address proxy_address data_dir config_dir config_base_name bin_dir database
            postgresql: pgpass krbsrvname use_unix_socket use_unix_socket_repl parameters parameters_primary
            postgresql: parameters_replica parameters_standby_leader pg_hba pg_hba_primary pg_hba_replica
            postgresql: pg_hba_standby_leader pg_ident pg_ident_primary pg_ident_replica pg_ident_standby_leader
            postgresql: custom_conf recovery_conf create_replica_methods create_replica_method basebackup rewind
            postgresql: use_pg_rewind remove_data_directory_on_rewind_failure pg_ctl_timeout use_slots pre_promote
            postgresql: remove_data_directory_on_diverged_timelines before_stop replication superuser pg_rewind name
            postgresql.bin_name: pg_ctl initdb pg_controldata pg_basebackup postgres pg_isready pg_rewind
            postgresql.callbacks: on_start on_stop on_restart on_reload on_role_change
            postgresql.authentication.superuser: username password sslmode sslcert sslkey sslpassword sslrootcert
            postgresql.authentication.superuser: sslcrl sslcrldir gssencmode channel_binding sslnegotiation
            postgresql.authentication.replication: username password sslmode sslcert sslkey sslpassword sslrootcert
            postgresql.authentication.rewind: username password sslmode sslcert sslkey sslpassword sslrootcert
            restapi: listen connect_address auth certfile keyfile keyfile_password cafile ciphers verify_client
            restapi: allowlist allowlist_include_members http_extra_headers https_extra_headers request_queue_size
            restapi: server_tokens thread_pool_size authentication.username authentication.password
            ctl: auth authentication.username authentication.password insecure cacert certfile keyfile keyfile_password
            tags: nofailover failover_priority nosync sync_priority noloadbalance clonefrom replicatefrom nostream
            watchdog: mode device safety_margin driver
            citus: group database
            """;

    private static final String PATRONI_VARIABLES =
            """
            NAME NAMESPACE SCOPE THREAD_POOL_SIZE THREAD_STACK_SIZE CITUS_GROUP CITUS_DATABASE
            LOG: TYPE LEVEL TRACEBACK_LEVEL FORMAT DATEFORMAT STATIC_FIELDS MAX_QUEUE_SIZE DIR MODE FILE_SIZE FILE_NUM
            LOG: LOGGERS DEDUPLICATE_HEARTBEAT_LOGS
            RESTAPI: LISTEN CONNECT_ADDRESS CERTFILE KEYFILE KEYFILE_PASSWORD CAFILE CIPHERS VERIFY_CLIENT
            RESTAPI: HTTP_EXTRA_HEADERS HTTPS_EXTRA_HEADERS ALLOWLIST ALLOWLIST_INCLUDE_MEMBERS REQUEST_QUEUE_SIZE
            RESTAPI: SERVER_TOKENS USERNAME PASSWORD THREAD_POOL_SIZE
            CTL: INSECURE CACERT CERTFILE KEYFILE KEYFILE_PASSWORD USERNAME PASSWORD
            POSTGRESQL: LISTEN CONNECT_ADDRESS PROXY_ADDRESS CONFIG_DIR DATA_DIR PGPASS BIN_DIR
            POSTGRESQL_BIN: PG_CTL INITDB PG_CONTROLDATA PG_BASEBACKUP POSTGRES PG_ISREADY PG_REWIND
            REPLICATION: USERNAME PASSWORD SSLMODE SSLCERT SSLKEY SSLPASSWORD SSLROOTCERT SSLCRL SSLCRLDIR GSSENCMODE
            SUPERUSER: USERNAME PASSWORD SSLMODE SSLCERT SSLKEY SSLPASSWORD SSLROOTCERT CHANNEL_BINDING SSLNEGOTIATION
            REWIND: USERNAME PASSWORD SSLMODE SSLCERT SSLKEY SSLPASSWORD SSLROOTCERT SSLCRL SSLCRLDIR GSSENCMODE
            """;

    private final Catalogue catalogue =
            new Catalogue(Map.of("shelf", new ShelfProvider().settings()));

    @Test
    void pathsAndVariablesAreUnique() {
        assertThat(catalogue.settings()).extracting(Setting::name).doesNotHaveDuplicates();
        assertThat(catalogue.settings().stream().map(Setting::variable).filter(Objects::nonNull))
                .doesNotHaveDuplicates();
    }

    @Test
    void everySettingAcceptsItsOwnStandardAndIsDocumented() {
        assertThat(catalogue.settings())
                .allSatisfy(setting -> {
                    assertThat(setting.doc()).endsWith(".");
                    if (setting.standard() != null) {
                        assertThat(setting.type().accepts(setting.standard()))
                                .as(setting.name())
                                .isTrue();
                    }
                });
    }

    @Test
    void everySettingOfPatroniIsKnown() {
        List<String> names = catalogue.settings().stream().map(Setting::name).toList();
        assertThat(PATRONI_SETTINGS.lines().flatMap(CatalogueTest::expanded))
                .allSatisfy(name -> assertThat(names).contains(name));
    }

    @Test
    void everyVariableOfPatroniIsKnown() {
        List<String> variables =
                catalogue.settings().stream()
                        .map(Setting::variable)
                        .filter(Objects::nonNull)
                        .toList();
        assertThat(PATRONI_VARIABLES.lines().flatMap(CatalogueTest::expanded))
                .map(name -> name.replace('.', '_'))
                .allSatisfy(name -> assertThat(variables).contains(name));
    }

    /// `a.b: c d` stands for `a.b.c` and `a.b.d`.
    private static Stream<String> expanded(String line) {
        int colon = line.indexOf(": ");
        String prefix = colon < 0 ? "" : line.substring(0, colon) + ".";
        return Stream.of(line.substring(colon < 0 ? 0 : colon + 2).split(" "))
                .map(name -> prefix + name);
    }

    @Test
    void secretsAreKnownByCatalogueProviderAndName() {
        assertThat(
                        catalogue.isSecret(
                                List.of("postgresql", "authentication", "rewind", "password")))
                .isTrue();
        assertThat(catalogue.isSecret(List.of("shelf", "password"))).isTrue();
        assertThat(catalogue.isSecret(List.of("unknown", "api_token"))).isTrue();
        assertThat(catalogue.isSecret(List.of("scope"))).isFalse();
    }
}
