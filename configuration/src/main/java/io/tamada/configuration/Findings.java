package io.tamada.configuration;

import io.tamada.configuration.Finding.Severity;
import java.util.ArrayList;
import java.util.List;

/// Collects what was found, so that one run tells everything. Not for use by several threads.
public final class Findings {

    /// More than anybody reads; bounds what a hostile file can produce.
    private static final int MOST = 500;

    private final List<Finding> all = new ArrayList<>();

    void refuse(Place place, String path, String text) {
        add(new Finding(Severity.REFUSED, place, path, text));
    }

    void invalid(Place place, String path, String text) {
        add(new Finding(Severity.INVALID, place, path, text));
    }

    void notice(Place place, String path, String text) {
        add(new Finding(Severity.NOTICE, place, path, text));
    }

    private void add(Finding finding) {
        if (all.size() < MOST && !all.contains(finding)) {
            all.add(finding);
        }
    }

    /// Everything, in the order in which it was found.
    public List<Finding> all() {
        return List.copyOf(all);
    }

    /// Those of one severity.
    public List<Finding> of(Severity severity) {
        return all.stream().filter(f -> f.severity() == severity).toList();
    }

    /// True when the agent must not start.
    public boolean refused() {
        return all.stream().anyMatch(f -> f.severity() == Severity.REFUSED);
    }

    /// True when validation passes.
    public boolean valid() {
        return all.stream().allMatch(f -> f.severity() == Severity.NOTICE);
    }
}
