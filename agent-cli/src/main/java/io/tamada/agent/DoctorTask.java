package io.tamada.agent;

import io.tamada.agent.doctor.Diagnosis;
import io.tamada.agent.doctor.Doctor;
import io.tamada.agent.doctor.Machine;
import io.tamada.agent.doctor.Patient;
import io.tamada.agent.log.Redactor;
import io.tamada.configuration.ConfigurationReader;
import io.tamada.configuration.Finding;
import io.tamada.configuration.LocalConfiguration;
import io.tamada.dcs.Json;
import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.time.TimeSource;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `tamada doctor`: what will not work, before it is needed.
final class DoctorTask {

    /// Nothing but warnings.
    static final int WARNED = 3;

    private final PrintStream out;
    private final Map<String, String> environment;
    private final DcsProviders providers;
    private final Machine machine;
    private final TimeSource time;

    DoctorTask(
            PrintStream out,
            Map<String, String> environment,
            DcsProviders providers,
            Machine machine,
            TimeSource time) {
        this.out = out;
        this.environment = environment;
        this.providers = providers;
        this.machine = machine;
        this.time = time;
    }

    /// Looks, and writes what it finds.
    ///
    /// @return the exit code: 0 when nothing is wrong, [#WARNED] when nothing but warnings, else 1
    int run(Options options) {
        LocalConfiguration configuration =
                new ConfigurationReader(options.file(), environment, providers).read();
        Redactor redactor = new Redactor(configuration.secrets());
        List<Diagnosis> found;
        try {
            found = configuration.isRefused() ? refused(configuration) : examined(configuration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return AgentMain.REFUSED;
        }
        String text = options.json() ? json(found) : text(found);
        out.print(redactor.redacted(text));
        return found.isEmpty()
                ? AgentMain.OK
                : found.stream().anyMatch(Diagnosis::isProblem) ? AgentMain.REFUSED : WARNED;
    }

    private static List<Diagnosis> refused(LocalConfiguration configuration) {
        return Doctor.refused(configuration.findings());
    }

    private List<Diagnosis> examined(LocalConfiguration configuration) throws InterruptedException {
        Preflight preflight = new Preflight(configuration, environment);
        List<Finding> findings = new ArrayList<>(configuration.findings());
        findings.addAll(preflight.files());
        findings.addAll(preflight.ports());
        Path data =
                Path.of(String.valueOf(configuration.document().at("postgresql", "data_dir")))
                        .toAbsolutePath();
        return Doctor.examine(
                new Patient(
                        configuration,
                        findings,
                        environment,
                        machine,
                        time,
                        RunningPostmaster.of(data).isPresent(),
                        null),
                providers);
    }

    private static String text(List<Diagnosis> found) {
        StringBuilder text = new StringBuilder();
        found.forEach(each -> text.append(each.text()));
        long problems = found.stream().filter(Diagnosis::isProblem).count();
        text.append(
                found.isEmpty()
                        ? "nothing is wrong\n"
                        : "%d problems, %d warnings%n"
                                .formatted(problems, found.size() - problems));
        return text.toString();
    }

    private static String json(List<Diagnosis> found) {
        return Json.compact(found.stream().map(Diagnosis::fields).toList()) + "\n";
    }
}
