package io.tamada.ctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options before the command's name.
final class GlobalOptions {

    @Option(
            names = {"-c", "--config-file"},
            paramLabel = "PATH",
            description =
                    "Configuration file or folder; an agent's own file will do. Default: $PATRONICTL_CONFIG_FILE, then"
                            + " ~/.config/tamada/tamadactl.yaml, then ~/.config/patroni/patronictl.yaml.")
    @Nullable String configFile;

    @Option(
            names = {"-d", "--dcs-url", "--dcs"},
            paramLabel = "URL",
            description = "The store, as [scheme://][host][:port][/namespace]. Default: $DCS_URL.")
    @Nullable String dcsUrl;

    @Option(
            names = {"-k", "--insecure"},
            description = "Do not verify the certificates of the members' REST API.")
    boolean insecure;

    @Option(
            names = "--strict-exit",
            description =
                    "Exit with 3 when a member or the store refused, and with 4 when nobody knows what came of it."
                            + " Without it both exit with 0, as scripts made for Patroni expect.")
    boolean strictExit;
}
