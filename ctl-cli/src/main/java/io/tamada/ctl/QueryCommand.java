package io.tamada.ctl;

import io.tamada.ha.model.MemberStatus;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "query",
        description = "Runs SQL on a member's PostgreSQL.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tamadactl query batman -U postgres -d postgres -c 'select pg_is_in_recovery()'",
            "  tamadactl query batman -m pg1 --password -U app -f report.sql --format json"
        })
final class QueryCommand extends CtlCommand {

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(
            names = {"-r", "--role"},
            paramLabel = "ROLE",
            converter = RoleFilter.Converter.class,
            completionCandidates = RoleFilter.Candidates.class,
            description = "A member of this role: ${COMPLETION-CANDIDATES}; default leader.")
    private @Nullable RoleFilter role;

    @Option(
            names = {"-m", "--member"},
            paramLabel = "NAME",
            description = "This member.")
    private @Nullable String member;

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(
            names = {"-d", "--dbname"},
            paramLabel = "DB",
            description = "Database.")
    private @Nullable String database;

    @Option(
            names = {"-U", "--username"},
            paramLabel = "USER",
            description = "User.")
    private @Nullable String user;

    @Option(
            names = "--password",
            description = "Ask for the password; without it PGPASSWORD or the password file.")
    private boolean password;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "tsv",
            description = "pretty, tsv, json, yaml; default tsv.")
    private String format = "tsv";

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "SQL from a file; - for standard input.")
    private @Nullable String file;

    @Option(
            names = {"-c", "--command"},
            paramLabel = "SQL",
            description = "SQL.")
    private @Nullable String command;

    @Option(
            names = "--delimiter",
            paramLabel = "D",
            defaultValue = "\t",
            description = "Between columns of tsv.")
    private String delimiter = "\t";

    @Mixin private WatchOptions watch = new WatchOptions();

    QueryCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        OneMember.check(role, member);
        if (file != null && command != null) {
            throw new CtlError("--file and --command are mutually exclusive options");
        }
        if (file == null && command == null) {
            throw new CtlError("You need to specify either --command or --file");
        }
        String sql = command != null ? command : text(String.valueOf(file));
        String secret = password ? ctl.dialogue().askHidden("Password") : null;
        Cluster target = ctl.open(cluster, group);
        Outcome[] worst = {Outcome.DONE};
        watch.repeat(ctl, () -> worst[0] = worst[0].worse(round(target, sql, secret)));
        return worst[0];
    }

    private String text(String name) {
        return name.equals("-") ? console().readAll() : ConfigSource.text(Path.of(name));
    }

    private Outcome round(Cluster target, String sql, @Nullable String secret) {
        MemberStatus found = OneMember.find(target, role, member);
        HostPort address = found == null ? null : HostPort.of(found.connUrl());
        SqlClient client = new SqlClient(database, user, secret);
        SqlClient.Result result =
                address == null
                        ? new SqlClient.Result.NoConnection()
                        : client.run(address, sql, recoveryWanted());
        return switch (result) {
            case SqlClient.Result.Rows(Table table) -> {
                console().print(rendered(table));
                yield Outcome.DONE;
            }
            case SqlClient.Result.Failed(String code) -> complain("ERROR, SQLSTATE: " + code);
            case SqlClient.Result.NoConnection _ -> complain(noConnection());
        };
    }

    /// Null where the role does not matter.
    private @Nullable Boolean recoveryWanted() {
        return switch (role) {
            case null -> null;
            case LEADER, ANY -> null;
            case PRIMARY -> false;
            case STANDBY_LEADER, REPLICA, STANDBY -> true;
        };
    }

    private Outcome complain(String text) {
        console()
                .line(Moments.seconds(ctl.world().time().wall(), ctl.world().zone()) + "\t" + text);
        return Outcome.REFUSED;
    }

    private String noConnection() {
        if (member != null) {
            return "No connection to member " + member + " is available";
        }
        return role == null
                ? "No connection is available"
                : "No connection to role '" + role.text() + "' is available";
    }

    private String rendered(Table table) {
        if (table.columns().isEmpty()) {
            return "";
        }
        Table shown = table.mapped(c -> c instanceof Boolean b ? (b ? "True" : "False") : c);
        return switch (format) {
            case "pretty" -> OutputFormat.PRETTY.render(shown, "", false);
            case "tsv" -> OutputFormat.separated(shown, delimiter);
            case "json" -> OutputFormat.JSON.render(table, "", false);
            case "yaml", "yml" -> OutputFormat.YAML.render(table, "", false);
            default -> "";
        };
    }
}
