package io.tamada.agent.doctor;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that doesn't work, or won't when it is needed.
///
/// @param check who found it, for instance `store`
/// @param what is wrong, with the place or the value
/// @param why it matters
/// @param remedy what to do
public record Diagnosis(Severity severity, String check, String what, String why, String remedy) {

    /// How bad it is.
    public enum Severity {
        /// The member won't start, or won't do what it is there for.
        PROBLEM,
        /// It works, and is less safe or useful than it could be.
        WARNING
    }

    static Diagnosis problem(String check, String what, String why, String remedy) {
        return new Diagnosis(Severity.PROBLEM, check, what, why, remedy);
    }

    static Diagnosis warning(String check, String what, String why, String remedy) {
        return new Diagnosis(Severity.WARNING, check, what, why, remedy);
    }

    public boolean isProblem() {
        return severity == Severity.PROBLEM;
    }

    /// Three lines for people.
    public String text() {
        return "%s: %s: %s%n    why: %s%n    fix: %s%n"
                .formatted(isProblem() ? "problem" : "warning", check, what, why, remedy);
    }

    /// The same for programs.
    public Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("severity", isProblem() ? "problem" : "warning");
        fields.put("check", check);
        fields.put("what", what);
        fields.put("why", why);
        fields.put("fix", remedy);
        return fields;
    }
}
