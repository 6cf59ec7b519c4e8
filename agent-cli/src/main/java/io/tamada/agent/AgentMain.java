package io.tamada.agent;

import io.tamada.agent.config.ConfigurationReader;
import io.tamada.agent.config.Finding;
import io.tamada.agent.config.Finding.Severity;
import io.tamada.agent.config.LocalConfiguration;
import io.tamada.ha.dcs.DcsProviders;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The program `tamada`.
public final class AgentMain {

    /// Everything went as asked.
    static final int OK = 0;

    /// The configuration or the machine won't do.
    static final int REFUSED = 1;

    /// The command line means nothing.
    static final int USAGE = 2;

    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    AgentMain(PrintStream out, PrintStream err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.environment = Map.copyOf(environment);
    }

    public static void main(String[] arguments) {
        int code = new AgentMain(System.out, System.err, System.getenv()).run(List.of(arguments));
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }

    /// Runs until the agent has stopped.
    ///
    /// @return the exit code
    int run(List<String> arguments) {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (Options.WrongUsage e) {
            err.println("tamada: " + e.getMessage() + "; see tamada --help");
            return USAGE;
        }
        return switch (options.task()) {
            case HELP -> {
                out.print(Options.HELP);
                yield OK;
            }
            case VERSION -> {
                out.println("tamada " + version());
                yield OK;
            }
            case VALIDATE -> validate(options);
            case RUN -> start(options);
        };
    }

    private ConfigurationReader reader(Options options) {
        return new ConfigurationReader(
                options.file(),
                environment,
                DcsProviders.visibleTo(AgentMain.class.getClassLoader()));
    }

    private int validate(Options options) {
        LocalConfiguration configuration = reader(options).read();
        List<Finding> findings = new ArrayList<>(configuration.findings());
        if (!configuration.isRefused()) {
            Preflight preflight = new Preflight(configuration, environment);
            findings.addAll(preflight.files());
            if (!options.ignoreListenPort()) {
                findings.addAll(preflight.ports());
            }
        }
        findings.forEach(finding ->
                err.println((finding.severity() == Severity.NOTICE ? "warning: " : "") + finding));
        if (findings.stream().anyMatch(f -> f.severity() != Severity.NOTICE)) {
            return REFUSED;
        }
        if (options.print()) {
            out.print(ConfigurationPrinter.yaml(configuration.document()));
        }
        return OK;
    }

    private int start(Options options) {
        ConfigurationReader reader = reader(options);
        LocalConfiguration configuration = reader.read();
        List<Finding> refusals = new ArrayList<>(refusals(configuration.findings()));
        if (refusals.isEmpty()) {
            Optional<String> wrongUser = Preflight.wrongUser();
            if (wrongUser.isPresent()) {
                err.println("tamada: " + wrongUser.get());
                return REFUSED;
            }
            Preflight preflight = new Preflight(configuration, environment);
            refusals.addAll(preflight.files());
            refusals.addAll(preflight.ports());
        }
        if (!refusals.isEmpty()) {
            String more =
                    refusals.size() == 1
                            ? ""
                            : " (and "
                                    + (refusals.size() - 1)
                                    + " more: tamada --validate-config tells all)";
            err.println("tamada: " + refusals.getFirst() + more);
            return REFUSED;
        }
        return OK;
    }

    private static List<Finding> refusals(List<Finding> findings) {
        return findings.stream().filter(f -> f.severity() == Severity.REFUSED).toList();
    }

    static String version() {
        String version = AgentMain.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }
}
