package io.tamada.agent.doctor;

import io.tamada.configuration.Finding;
import io.tamada.configuration.Finding.Severity;
import java.util.List;

/// What the validation and the look at files and ports have found, explained.
final class ConfigurationCheck implements Check {

    static final String NAME = "configuration";

    @Override
    public List<Diagnosis> examine(Patient patient) {
        return explained(patient.findings());
    }

    static List<Diagnosis> explained(List<Finding> findings) {
        return findings.stream().map(ConfigurationCheck::explained).toList();
    }

    private static Diagnosis explained(Finding finding) {
        String text = finding.toString();
        int cut = text.indexOf("; ", finding.place().toString().length());
        return new Diagnosis(
                finding.severity() == Severity.NOTICE
                        ? Diagnosis.Severity.WARNING
                        : Diagnosis.Severity.PROBLEM,
                NAME,
                cut < 0 ? text : text.substring(0, cut),
                why(finding),
                cut < 0 ? "correct it there" : text.substring(cut + 2));
    }

    private static String why(Finding finding) {
        if (finding.text().contains("don't fit into ttl")
                || finding.text().contains("doesn't fit into ttl")) {
            return "a leader has to be able to try twice within the time that its lease lives";
        }
        return switch (finding.severity()) {
            case REFUSED -> "the agent doesn't start with it";
            case INVALID -> "the agent starts, and does something else than what is written";
            case NOTICE -> "it may not do what it was meant to";
        };
    }
}
