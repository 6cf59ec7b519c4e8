package io.tamada.configuration;

import static io.tamada.configuration.AgentSettings.ANYTHING;
import static io.tamada.configuration.AgentSettings.FILE;
import static io.tamada.configuration.AgentSettings.FLAG;
import static io.tamada.configuration.AgentSettings.LISTING;
import static io.tamada.configuration.AgentSettings.MAPPING;
import static io.tamada.configuration.AgentSettings.OPTIONAL_FILE;
import static io.tamada.configuration.AgentSettings.OPTIONAL_TEXT;
import static io.tamada.configuration.AgentSettings.TEXT;
import static io.tamada.configuration.AgentSettings.seconds;
import static io.tamada.configuration.Setting.both;
import static io.tamada.configuration.Setting.dynamic;
import static io.tamada.configuration.Setting.local;

import io.tamada.configuration.Setting.Effect;
import io.tamada.configuration.Setting.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The settings of the section `postgresql`.
final class PostgresSettingsList {

    /// Programs that `bin_name` may rename.
    private static final List<String> PROGRAMS =
            List.of(
                    "pg_ctl",
                    "initdb",
                    "pg_controldata",
                    "pg_basebackup",
                    "postgres",
                    "pg_isready",
                    "pg_rewind");

    private static final List<String> USERS = List.of("superuser", "replication", "rewind");
    private static final List<String> CONNECTION_OPTIONS =
            List.of(
                    "sslmode",
                    "sslcert",
                    "sslkey",
                    "sslpassword",
                    "sslrootcert",
                    "sslcrl",
                    "sslcrldir",
                    "gssencmode",
                    "channel_binding",
                    "sslnegotiation");

    static final List<Setting> ALL = all();

    private PostgresSettingsList() {}

    private static List<Setting> all() {
        List<Setting> all = new ArrayList<>();
        all.addAll(places());
        all.addAll(users());
        all.addAll(server());
        all.addAll(work());
        all.addAll(old());
        return List.copyOf(all);
    }

    private static List<Setting> places() {
        ValueType address = new ValueType.Address(false);
        List<Setting> all =
                new ArrayList<>(
                        List.of(
                                local("postgresql.listen", address, "Where PostgreSQL listens.")
                                        .with(Need.EXPECTED)
                                        .env("POSTGRESQL_LISTEN"),
                                local(
                                                "postgresql.connect_address",
                                                address,
                                                "Where others reach PostgreSQL.")
                                        .with(Need.EXPECTED)
                                        .env("POSTGRESQL_CONNECT_ADDRESS"),
                                local(
                                                "postgresql.proxy_address",
                                                address,
                                                "Where clients reach PostgreSQL through a proxy.")
                                        .env("POSTGRESQL_PROXY_ADDRESS"),
                                local("postgresql.data_dir", FILE, "The data directory.")
                                        .with(Need.REQUIRED)
                                        .with(Effect.RESTART)
                                        .env("POSTGRESQL_DATA_DIR"),
                                local(
                                                "postgresql.config_dir",
                                                FILE,
                                                "The directory of the configuration files; standard: data_dir.")
                                        .with(Effect.RESTART)
                                        .env("POSTGRESQL_CONFIG_DIR"),
                                both(
                                                "postgresql.config_base_name",
                                                TEXT,
                                                "Base name of the configuration file.")
                                        .or("postgresql")
                                        .with(Effect.RESTART),
                                local(
                                                "postgresql.bin_dir",
                                                OPTIONAL_FILE,
                                                "The directory of PostgreSQL's programs; standard: PATH.")
                                        .with(Effect.RESTART)
                                        .env("POSTGRESQL_BIN_DIR"),
                                both(
                                                "postgresql.database",
                                                TEXT,
                                                "The database for the agent's own connections.")
                                        .or("postgres")
                                        .with(Effect.RESTART),
                                local(
                                                "postgresql.pgpass",
                                                FILE,
                                                "Password file that is written for PostgreSQL's programs.")
                                        .or("~/pgpass")
                                        .with(Effect.RESTART)
                                        .env("POSTGRESQL_PGPASS")));
        for (String program : PROGRAMS) {
            all.add(
                    both(
                                    "postgresql.bin_name." + program,
                                    TEXT,
                                    "Another name of the program " + program + ".")
                            .env("POSTGRESQL_BIN_" + program.toUpperCase(Locale.ROOT)));
        }
        return all;
    }

    private static List<Setting> users() {
        List<Setting> all = new ArrayList<>();
        for (String user : USERS) {
            String path = "postgresql.authentication." + user + ".";
            String variable = user.toUpperCase(Locale.ROOT) + "_";
            all.add(
                    local(path + "username", TEXT, "The user for " + user + ".")
                            .with(user.equals("rewind") ? Need.OPTIONAL : Need.EXPECTED)
                            .env(variable + "USERNAME"));
            all.add(
                    local(path + "password", OPTIONAL_TEXT, "That user's password.")
                            .env(variable + "PASSWORD")
                            .asSecret());
            for (String option : CONNECTION_OPTIONS) {
                Setting setting =
                        local(
                                        path + option,
                                        OPTIONAL_TEXT,
                                        "libpq's connection option " + option + ".")
                                .env(variable + option.toUpperCase(Locale.ROOT));
                all.add(option.equals("sslpassword") ? setting.asSecret() : setting);
            }
        }
        return all;
    }

    private static List<Setting> server() {
        List<Setting> all =
                new ArrayList<>(
                        List.of(
                                both("postgresql.parameters", MAPPING, "Parameters of PostgreSQL."),
                                both("postgresql.pg_hba", LISTING, "The lines of pg_hba.conf."),
                                both("postgresql.pg_ident", LISTING, "The lines of pg_ident.conf."),
                                both(
                                        "postgresql.custom_conf",
                                        FILE,
                                        "A file that is included instead of the original postgresql.conf."),
                                both(
                                        "postgresql.recovery_conf",
                                        MAPPING,
                                        "Recovery settings of a standby."),
                                both(
                                                "postgresql.use_unix_socket",
                                                FLAG,
                                                "The agent's own connections use the unix socket.")
                                        .or("false"),
                                both(
                                                "postgresql.use_unix_socket_repl",
                                                FLAG,
                                                "Replication on the same machine does so, too.")
                                        .or("false"),
                                local(
                                                "postgresql.server_log",
                                                FILE,
                                                "File for what PostgreSQL writes to stderr before its own log begins.")
                                        .with(Effect.RESTART),
                                both("postgresql.krbsrvname", TEXT, "Kerberos service name."),
                                dynamic(
                                                "postgresql.use_slots",
                                                FLAG,
                                                "Replication slots for members.")
                                        .or("true")));
        for (String role : List.of("primary", "replica", "standby_leader")) {
            all.add(
                    both(
                            "postgresql.parameters_" + role,
                            MAPPING,
                            "Parameters while the role is " + role + "."));
            all.add(
                    both(
                            "postgresql.pg_hba_" + role,
                            LISTING,
                            "pg_hba.conf while the role is " + role + "."));
            all.add(
                    both(
                            "postgresql.pg_ident_" + role,
                            LISTING,
                            "pg_ident.conf while the role is " + role + "."));
        }
        return all;
    }

    private static List<Setting> work() {
        List<Setting> all =
                new ArrayList<>(
                        List.of(
                                both(
                                                "postgresql.create_replica_methods",
                                                LISTING,
                                                "Ways to make a replica, tried in this order.")
                                        .or("basebackup"),
                                both(
                                        "postgresql.create_replica_method",
                                        LISTING,
                                        "The old name of create_replica_methods."),
                                both(
                                        "postgresql.basebackup",
                                        ANYTHING,
                                        "Options for pg_basebackup."),
                                both("postgresql.rewind", ANYTHING, "Options for pg_rewind."),
                                both(
                                                "postgresql.use_pg_rewind",
                                                FLAG,
                                                "Undo a former primary's surplus by pg_rewind.")
                                        .or("false"),
                                both(
                                                "postgresql.remove_data_directory_on_rewind_failure",
                                                FLAG,
                                                "Clone again when pg_rewind failed.")
                                        .or("false"),
                                both(
                                                "postgresql.remove_data_directory_on_diverged_timelines",
                                                FLAG,
                                                "Clone again when timelines parted.")
                                        .or("false"),
                                both(
                                                "postgresql.pg_ctl_timeout",
                                                seconds(1),
                                                "How long starts, stops and restarts may take.")
                                        .or("60"),
                                both(
                                        "postgresql.pre_promote",
                                        TEXT,
                                        "Command before promotion; a failure stops the promotion."),
                                both(
                                        "postgresql.before_stop",
                                        TEXT,
                                        "Command before PostgreSQL is stopped.")));
        for (String event :
                List.of("on_start", "on_stop", "on_restart", "on_reload", "on_role_change")) {
            all.add(
                    both(
                            "postgresql.callbacks." + event,
                            TEXT,
                            "Command that is called as: command action role scope."));
        }
        return all;
    }

    private static List<Setting> old() {
        return List.of(
                local(
                        "postgresql.replication",
                        MAPPING,
                        "The old place of authentication.replication."),
                local(
                        "postgresql.superuser",
                        MAPPING,
                        "The old place of authentication.superuser."),
                local("postgresql.pg_rewind", MAPPING, "The old place of authentication.rewind."),
                local("postgresql.name", TEXT, "The old place of name."));
    }
}
