package io.tamada.agent;

import io.tamada.agent.doctor.LinuxMachine;
import io.tamada.agent.log.AgentLog;
import io.tamada.agent.log.JournalFile;
import io.tamada.agent.log.JournalSettings;
import io.tamada.agent.log.LogLevel;
import io.tamada.agent.log.LogSettings;
import io.tamada.agent.log.Redactor;
import io.tamada.configuration.ConfigurationReader;
import io.tamada.configuration.ConfigurationReference;
import io.tamada.configuration.Finding;
import io.tamada.configuration.Finding.Severity;
import io.tamada.configuration.LocalConfiguration;
import io.tamada.ha.JournalSink;
import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.time.SystemTime;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Logger;

/// The program `tamada`.
public final class AgentMain {

    /// Everything went as asked.
    static final int OK = 0;

    /// The configuration or the machine won't do.
    static final int REFUSED = 1;

    /// The command line means nothing.
    static final int USAGE = 2;

    /// Stopped as asked, but not every line of the log could be written.
    static final int LOG_INCOMPLETE = 5;

    private static final System.Logger LOG = System.getLogger(AgentMain.class.getName());

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
            case SAMPLE, GENERATE ->
                    new GenerateTask(out, err, environment, providers()).run(options);
            case DOCTOR ->
                    new DoctorTask(
                                    out,
                                    environment,
                                    providers(),
                                    new LinuxMachine(),
                                    new SystemTime())
                            .run(options);
            case DESCRIBE -> {
                out.print(ConfigurationReference.markdown(providers()));
                yield OK;
            }
            case VALIDATE -> validate(options);
            case RUN -> start(options);
        };
    }

    private ConfigurationReader reader(Options options) {
        return new ConfigurationReader(options.file(), environment, providers());
    }

    private static DcsProviders providers() {
        return DcsProviders.visibleTo(AgentMain.class.getClassLoader());
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
        DcsProviders providers = providers();
        ConfigurationReader reader =
                new ConfigurationReader(options.file(), environment, providers);
        LocalConfiguration configuration = reader.read();
        List<Finding> refusals = new ArrayList<>(refusals(configuration.findings()));
        if (refusals.isEmpty()) {
            Optional<String> wrongUser = Preflight.wrongUser();
            if (wrongUser.isPresent()) {
                return refused(wrongUser.get());
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
            return refused(refusals.getFirst() + more);
        }
        Redactor redactor = new Redactor(configuration.secrets());
        try (AgentLog log = AgentLog.start(logSettings(configuration), redactor, err)) {
            AgentWiring wiring = new AgentWiring(reader, providers, configuration);
            int code = runMember(wiring, configuration, log, redactor);
            return !log.finish() && code == OK ? LOG_INCOMPLETE : code;
        } catch (IOException e) {
            return refused("log.dir: the log can't be written: " + e);
        } catch (CannotStart e) {
            return refused(
                    redactor.redacted(
                            String.valueOf(e.getMessage()).replaceAll("\\s*\\n\\s*", " ")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return REFUSED;
        }
    }

    private int runMember(
            AgentWiring wiring, LocalConfiguration configuration, AgentLog log, Redactor redactor)
            throws CannotStart, InterruptedException {
        JournalSettings settings =
                JournalSettings.of(configuration.document(), configuration.name().value());
        Path path = settings.file();
        if (path == null) {
            return runMember(wiring, configuration, log, JournalSink.NONE, _ -> {});
        }
        try (JournalFile journal = JournalFile.start(path, settings, redactor)) {
            return runMember(wiring, configuration, log, journal, journal::redact);
        }
    }

    private int runMember(
            AgentWiring wiring,
            LocalConfiguration configuration,
            AgentLog log,
            JournalSink journal,
            Consumer<Redactor> secrets)
            throws CannotStart, InterruptedException {
        configuration
                .findings()
                .forEach(finding -> LOG.log(System.Logger.Level.WARNING, finding.toString()));
        TagConflicts.of(configuration.tags())
                .forEach(conflict -> LOG.log(System.Logger.Level.WARNING, conflict));
        ServiceNotice notice = new ServiceNotice(environment.get("NOTIFY_SOCKET"));
        RunningAgent running =
                wiring.start(
                        notice,
                        journal,
                        log,
                        next -> {
                            Redactor redactor = new Redactor(next.secrets());
                            log.configure(logSettings(next), redactor);
                            secrets.accept(redactor);
                        });
        if (!Signals.handle(signal -> running.stop("signal " + signal), running::reload)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "This JVM hands no signals over: TERM ends the agent at once");
        }
        int code = running.await();
        if (running.hasTwin()) {
            Logger.getLogger(AgentMain.class.getName())
                    .log(
                            LogLevel.CRITICAL.level(),
                            "Can''t start; there is already a node named ''{0}'' running: give this member"
                                    + " another name, or stop that one",
                            configuration.name());
        }
        return code;
    }

    private static LogSettings logSettings(LocalConfiguration configuration) {
        return LogSettings.of(configuration.document().section("log"));
    }

    private int refused(String why) {
        err.println("tamada: " + why);
        return REFUSED;
    }

    private static List<Finding> refusals(List<Finding> findings) {
        return findings.stream().filter(f -> f.severity() == Severity.REFUSED).toList();
    }

    static String version() {
        String version = AgentMain.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }
}
