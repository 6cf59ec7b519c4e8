package io.tamada.configuration;

import static io.tamada.configuration.Setting.local;

import io.tamada.configuration.Setting.Effect;
import io.tamada.configuration.Setting.Need;
import io.tamada.configuration.ValueType.Amount.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The settings of the agent itself: global ones, log, REST API, peers, tags, watchdog, bootstrap.
final class AgentSettings {

    static final ValueType TEXT = new ValueType.Text();
    static final ValueType OPTIONAL_TEXT = new ValueType.OptionalText();
    static final ValueType FILE = new ValueType.FilePath(false);
    static final ValueType OPTIONAL_FILE = new ValueType.FilePath(true);
    static final ValueType FLAG = new ValueType.Flag();
    static final ValueType LISTING = new ValueType.Listing();
    static final ValueType MAPPING = new ValueType.Mapping();
    static final ValueType ANYTHING = new ValueType.Anything();
    static final ValueType LEVEL =
            choice("debug", "info", "warn", "warning", "error", "fatal", "critical");

    static final List<Setting> ALL = all();

    private AgentSettings() {}

    static ValueType choice(String... words) {
        return new ValueType.Choice(Set.of(words));
    }

    static ValueType number(long min, long max) {
        return new ValueType.Amount(Unit.NONE, min, max);
    }

    static ValueType bytes(long min) {
        return new ValueType.Amount(Unit.BYTES, min, Long.MAX_VALUE);
    }

    static ValueType seconds(long min) {
        return new ValueType.Amount(Unit.SECONDS, min, Long.MAX_VALUE);
    }

    private static List<Setting> all() {
        List<Setting> all = new ArrayList<>();
        all.addAll(global());
        all.addAll(log());
        all.addAll(journal());
        all.addAll(restApi());
        all.addAll(peers());
        all.addAll(tags());
        all.addAll(others());
        return List.copyOf(all);
    }

    private static List<Setting> global() {
        return List.of(
                local("scope", TEXT, "The cluster's name, the same on all members.")
                        .with(Need.REQUIRED)
                        .with(Effect.RESTART)
                        .env("SCOPE"),
                local("name", TEXT, "This member's name, unique in the cluster.")
                        .with(Need.REQUIRED)
                        .with(Effect.RESTART)
                        .env("NAME"),
                local("namespace", OPTIONAL_TEXT, "Prefix of all keys in the store.")
                        .or("/service")
                        .with(Effect.RESTART)
                        .env("NAMESPACE"),
                local(
                                "thread_pool_size",
                                number(0, 100_000),
                                "Accepted for compatibility; threads are not pooled.")
                        .or("5")
                        .with(Effect.RESTART)
                        .env("THREAD_POOL_SIZE"),
                local(
                                "thread_stack_size",
                                bytes(0),
                                "Accepted for compatibility; stacks grow as needed here.")
                        .or("524288")
                        .with(Effect.RESTART)
                        .env("THREAD_STACK_SIZE"));
    }

    private static List<Setting> log() {
        return List.of(
                local(
                                "log.type",
                                choice("plain", "json"),
                                "Lines of text, or one JSON object per line.")
                        .or("plain")
                        .env("LOG_TYPE"),
                local("log.level", LEVEL, "The lowest level that is written.")
                        .or("INFO")
                        .env("LOG_LEVEL"),
                local(
                                "log.traceback_level",
                                LEVEL,
                                "From which `log.level` on errors are written with their stack.")
                        .or("ERROR")
                        .env("LOG_TRACEBACK_LEVEL"),
                local(
                                "log.format",
                                ANYTHING,
                                "The line, with fields written as %(name)s; a list for `type: json`.")
                        .or("%(asctime)s %(levelname)s: %(message)s")
                        .env("LOG_FORMAT"),
                local("log.dateformat", OPTIONAL_TEXT, "The time, as strftime writes it.")
                        .env("LOG_DATEFORMAT"),
                local("log.static_fields", MAPPING, "Fields added to every JSON line.")
                        .env("LOG_STATIC_FIELDS"),
                local(
                                "log.max_queue_size",
                                number(1, 1_000_000),
                                "Lines that may wait to be written; more are dropped and counted.")
                        .or("1000")
                        .env("LOG_MAX_QUEUE_SIZE"),
                local(
                                "log.dir",
                                OPTIONAL_FILE,
                                "An existing directory for the file patroni.log, instead of stderr.")
                        .with(Effect.RESTART)
                        .env("LOG_DIR"),
                local("log.mode", number(0, 511), "Permissions of log files, in octal.")
                        .env("LOG_MODE"),
                local("log.file_num", number(0, 10_000), "How many rotated files are kept.")
                        .or("4")
                        .env("LOG_FILE_NUM"),
                local("log.file_size", bytes(0), "Size at which the file is rotated.")
                        .or("25000000")
                        .env("LOG_FILE_SIZE"),
                local("log.loggers", MAPPING, "Level of single loggers, by name.")
                        .env("LOG_LOGGERS"),
                local(
                                "log.deduplicate_heartbeat_logs",
                                FLAG,
                                "Leave out a heartbeat line that equals the one before.")
                        .or("false")
                        .env("LOG_DEDUPLICATE_HEARTBEAT_LOGS"));
    }

    private static List<Setting> journal() {
        return List.of(
                local(
                                "journal.dir",
                                OPTIONAL_TEXT,
                                "An existing directory for the file NAME.journal of decisions, one JSON"
                                        + " object per line; standard: log.dir, without it none is"
                                        + " written.")
                        .with(Effect.RESTART)
                        .env("JOURNAL_DIR"),
                local("journal.mode", number(0, 511), "Permissions of journal files, in octal.")
                        .with(Effect.RESTART)
                        .env("JOURNAL_MODE"),
                local("journal.file_num", number(1, 10_000), "How many rotated files are kept.")
                        .or("4")
                        .with(Effect.RESTART)
                        .env("JOURNAL_FILE_NUM"),
                local("journal.file_size", bytes(10_000), "Size at which the file is rotated.")
                        .or("25000000")
                        .with(Effect.RESTART)
                        .env("JOURNAL_FILE_SIZE"),
                local(
                                "journal.observations",
                                FLAG,
                                "Write also all that each decision was made from, for dev/replay.")
                        .or("false")
                        .with(Effect.RESTART)
                        .env("JOURNAL_OBSERVATIONS"));
    }

    private static List<Setting> restApi() {
        ValueType address = new ValueType.Address(true);
        return List.of(
                local("restapi.listen", address, "Where the REST API listens.")
                        .with(Need.REQUIRED)
                        .env("RESTAPI_LISTEN"),
                local(
                                "restapi.connect_address",
                                address,
                                "Where others reach the REST API; standard: listen.")
                        .with(Need.EXPECTED)
                        .env("RESTAPI_CONNECT_ADDRESS"),
                local(
                                "restapi.authentication.username",
                                TEXT,
                                "User for requests that change something.")
                        .env("RESTAPI_USERNAME"),
                local("restapi.authentication.password", OPTIONAL_TEXT, "That user's password.")
                        .env("RESTAPI_PASSWORD")
                        .asSecret(),
                local("restapi.auth", TEXT, "`username:password`, an old form of authentication.")
                        .asSecret(),
                local("restapi.certfile", FILE, "Certificate in PEM; switches HTTPS on.")
                        .env("RESTAPI_CERTFILE"),
                local("restapi.keyfile", FILE, "Its key in PEM; standard: in certfile.")
                        .env("RESTAPI_KEYFILE"),
                local("restapi.keyfile_password", OPTIONAL_TEXT, "Password of the key.")
                        .env("RESTAPI_KEYFILE_PASSWORD")
                        .asSecret(),
                local("restapi.cafile", FILE, "Authorities that sign client certificates.")
                        .env("RESTAPI_CAFILE"),
                local("restapi.ciphers", TEXT, "Permitted ciphers.").env("RESTAPI_CIPHERS"),
                local(
                                "restapi.verify_client",
                                choice("none", "optional", "required"),
                                "Ask for client certificates.")
                        .or("none")
                        .env("RESTAPI_VERIFY_CLIENT"),
                local(
                                "restapi.allowlist",
                                LISTING,
                                "Addresses and networks that may change something.")
                        .env("RESTAPI_ALLOWLIST"),
                local("restapi.allowlist_include_members", FLAG, "Members may, too.")
                        .or("false")
                        .env("RESTAPI_ALLOWLIST_INCLUDE_MEMBERS"),
                local("restapi.http_extra_headers", MAPPING, "Headers added to every answer.")
                        .env("RESTAPI_HTTP_EXTRA_HEADERS"),
                local(
                                "restapi.https_extra_headers",
                                MAPPING,
                                "Headers added to every answer over HTTPS.")
                        .env("RESTAPI_HTTPS_EXTRA_HEADERS"),
                local(
                                "restapi.request_queue_size",
                                number(0, 4096),
                                "Connections that may wait to be accepted.")
                        .or("5")
                        .with(Effect.RESTART)
                        .env("RESTAPI_REQUEST_QUEUE_SIZE"),
                local(
                                "restapi.server_tokens",
                                choice("minimal", "productonly", "original"),
                                "What `Server` says.")
                        .or("original")
                        .env("RESTAPI_SERVER_TOKENS"),
                local(
                                "restapi.thread_pool_size",
                                number(0, 100_000),
                                "Accepted for compatibility; threads are not pooled.")
                        .or("5")
                        .with(Effect.RESTART)
                        .env("RESTAPI_THREAD_POOL_SIZE"));
    }

    private static List<Setting> peers() {
        return List.of(
                local("ctl.insecure", FLAG, "Don't verify certificates of the REST API.")
                        .or("false")
                        .env("CTL_INSECURE"),
                local(
                        "ctl.verify_peers",
                        choice("none", "chain", "full"),
                        "What members check of each other's certificates: nothing, who signed them, or their names, too; standard: chain once ctl.certfile is given."),
                local("ctl.cacert", FILE, "Authorities that sign the REST API's certificates.")
                        .env("CTL_CACERT"),
                local("ctl.certfile", FILE, "Client certificate in PEM.").env("CTL_CERTFILE"),
                local("ctl.keyfile", FILE, "Its key in PEM.").env("CTL_KEYFILE"),
                local("ctl.keyfile_password", OPTIONAL_TEXT, "Password of the key.")
                        .env("CTL_KEYFILE_PASSWORD")
                        .asSecret(),
                local(
                                "ctl.authentication.username",
                                TEXT,
                                "User for requests; standard: restapi.authentication.")
                        .env("CTL_USERNAME"),
                local("ctl.authentication.password", OPTIONAL_TEXT, "That user's password.")
                        .env("CTL_PASSWORD")
                        .asSecret(),
                local("ctl.auth", TEXT, "`username:password`, an old form of authentication.")
                        .asSecret());
    }

    private static List<Setting> tags() {
        return List.of(
                local("tags", MAPPING, "What this member may become, and anything of your own."),
                local("tags.nofailover", FLAG, "Never the leader.").or("false"),
                local(
                                "tags.failover_priority",
                                number(Integer.MIN_VALUE, Integer.MAX_VALUE),
                                "Higher wins among equals; 0: never the leader.")
                        .or("1"),
                local("tags.nosync", FLAG, "Never a synchronous standby.").or("false"),
                local(
                                "tags.sync_priority",
                                number(Integer.MIN_VALUE, Integer.MAX_VALUE),
                                "Higher is preferred as synchronous standby; 0: never.")
                        .or("1"),
                local("tags.noloadbalance", FLAG, "Not for reading clients: /replica answers 503.")
                        .or("false"),
                local("tags.clonefrom", FLAG, "A preferred source of base backups.").or("false"),
                local(
                        "tags.replicatefrom",
                        OPTIONAL_TEXT,
                        "The member to stream from instead of the leader."),
                local("tags.nostream", FLAG, "Lives on the archive alone.").or("false"));
    }

    private static List<Setting> others() {
        return List.of(
                local(
                                "lease_guard",
                                choice(
                                        "off",
                                        "false",
                                        "disabled",
                                        "on",
                                        "true",
                                        "required",
                                        "require"),
                                "Whether a process outside the agent stops PostgreSQL before the lease"
                                        + " ends; required: never the leader without it.")
                        .or("on")
                        .with(Effect.RESTART)
                        .env("LEASE_GUARD"),
                local(
                                "watchdog.mode",
                                choice(
                                        "off",
                                        "false",
                                        "disable",
                                        "disabled",
                                        "automatic",
                                        "auto",
                                        "required",
                                        "require",
                                        "on",
                                        "true"),
                                "Whether a watchdog is used.")
                        .or("automatic"),
                local("watchdog.device", FILE, "The watchdog's device.").or("/dev/watchdog"),
                local(
                                "watchdog.safety_margin",
                                number(-1, Integer.MAX_VALUE),
                                "Seconds before the lease ends at which the watchdog fires; -1: half the ttl.")
                        .or("5"),
                local(
                                "watchdog.driver",
                                choice("default", "testing"),
                                "The kernel's device, or a file or pipe that gets in writing what it would be told.")
                        .or("default"),
                local(
                                "citus.group",
                                number(0, Integer.MAX_VALUE),
                                "The Citus group; 0 is the coordinator.")
                        .with(Effect.RESTART)
                        .env("CITUS_GROUP"),
                local("citus.database", TEXT, "The database that Citus lives in.")
                        .with(Effect.RESTART)
                        .env("CITUS_DATABASE"),
                local(
                                "bootstrap.method",
                                TEXT,
                                "How a new cluster is made: initdb, or a section beside this key.")
                        .or("initdb")
                        .with(Effect.ONCE),
                local("bootstrap.initdb", ANYTHING, "Options for initdb.").with(Effect.ONCE),
                local("bootstrap.pg_hba", LISTING, "Lines added to the first pg_hba.conf.")
                        .with(Effect.ONCE),
                local(
                                "bootstrap.post_bootstrap",
                                TEXT,
                                "Command that runs after a new cluster was made.")
                        .with(Effect.ONCE),
                local("bootstrap.post_init", TEXT, "The old name of post_bootstrap.")
                        .with(Effect.ONCE),
                local("bootstrap.users", ANYTHING, "No longer used; make users in post_bootstrap.")
                        .with(Effect.ONCE));
    }
}
