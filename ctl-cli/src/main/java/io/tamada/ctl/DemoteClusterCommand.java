package io.tamada.ctl;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "demote-cluster",
        description = "Makes the cluster a standby of another one.",
        footerHeading = "%nExamples:%n",
        footer = {"  tamadactl demote-cluster batman --host 10.1.0.1 --port 5432"})
final class DemoteClusterCommand extends CtlCommand {

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Where the other cluster's primary is.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "The other primary's port.")
    private @Nullable Integer port;

    @Option(
            names = "--restore-command",
            paramLabel = "COMMAND",
            description = "Fetches WAL from an archive.")
    private @Nullable String restoreCommand;

    @Option(
            names = "--primary-slot-name",
            paramLabel = "SLOT",
            description = "The slot to stream from.")
    private @Nullable String slot;

    @Option(names = "--force", description = "Ask nothing.")
    private boolean force;

    DemoteClusterCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        if (host == null && port == null && restoreCommand == null) {
            throw new CtlError("At least --host, --port or --restore-command should be specified");
        }
        Map<String, Object> standby = new LinkedHashMap<>();
        put(standby, "host", host);
        put(standby, "port", port);
        put(standby, "primary_slot_name", slot);
        put(standby, "restore_command", restoreCommand);
        return new ClusterRoleChange(ctl, true, standby).make(cluster, force);
    }

    private static void put(Map<String, Object> map, String key, @Nullable Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }
}
