package io.tamada.configuration;

import io.tamada.ha.dcs.DcsProviders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The reference of all settings, in Markdown, printed from the catalogue.
public final class ConfigurationReference {

    private static final String INTRODUCTION =
            """
            # Configuration

            A member reads one YAML file, a directory of them, or variables of its environment, and shares the *dynamic
            configuration* with the other members through the store. The environment wins over files, files over the
            dynamic configuration, and that over the standard values. `tamada --validate-config FILE` tells everything
            that is wrong with a configuration, each with its place, what is allowed and what was probably meant.

            **Where**: *file* stands for files and environment; *store* for the dynamic configuration, which is changed
            by `tamadactl edit-config` and begins as `bootstrap.dcs`; *both* for either, where the file wins. **Counts**
            says when a changed value is in force: after a *reload* (SIGHUP, `tamadactl reload`; dynamic settings at
            once), after a *restart* of the agent, or *once*, when a cluster is made. Every variable may also begin with
            `TAMADA_`: of two that differ that one counts, and the other is named in a warning. One that is empty counts as not
            given. `PATRONI_CONFIGURATION` may hold a whole document, and then stands alone, where no file is named. Settings marked **secret** are never shown.

            A section that `bootstrap.method` or `postgresql.create_replica_methods` names is yours: `command`, `no_params`
            (don't add `--scope`, `--datadir` and the like), for replicas `no_leader` (works without a leader) and
            `keep_data`, for bootstrap `keep_existing_recovery_conf` and `recovery_conf`; every other key is handed to the
            command as `--key=value`. Tags, parameters of PostgreSQL and headers take any key, too.

            This file is printed by `tamada --describe-settings`, which also knows the stores that you add.
            """;

    private static final Map<String, String> TITLES = titles();

    private ConfigurationReference() {}

    /// All settings, those of the stores that there are included.
    public static String markdown(DcsProviders providers) {
        Catalogue catalogue = LocalConfiguration.catalogueFor(providers);
        Map<String, StringBuilder> chapters = new LinkedHashMap<>();
        TITLES.values().forEach(title -> chapters.put(title, new StringBuilder()));
        for (Setting setting : catalogue.settings()) {
            chapters.computeIfAbsent(chapter(setting), _ -> new StringBuilder())
                    .append(row(setting));
        }
        StringBuilder text = new StringBuilder(INTRODUCTION);
        chapters.forEach((title, rows) ->
                text.append("\n## ")
                        .append(title)
                        .append(
                                "\n\n| Setting | Value | Standard | Where | Counts | Variable | Meaning |\n")
                        .append("|---|---|---|---|---|---|---|\n")
                        .append(rows));
        return text.toString();
    }

    private static Map<String, String> titles() {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("", "Names");
        titles.put("bootstrap", "Making a cluster");
        titles.put("dynamic", "Shared by the cluster");
        titles.put("postgresql", "PostgreSQL");
        titles.put("tags", "Tags");
        titles.put("restapi", "REST API");
        titles.put("ctl", "Requests to members");
        titles.put("log", "Log");
        titles.put("journal", "Journal of decisions");
        titles.put("watchdog", "Watchdog");
        titles.put("citus", "Citus");
        return titles;
    }

    private static String chapter(Setting setting) {
        String section = setting.path().getFirst();
        if (TITLES.containsKey(section)) {
            return TITLES.getOrDefault(section, section);
        }
        boolean shared = setting.layer() == Setting.Layer.DYNAMIC;
        String key = shared ? "dynamic" : setting.path().size() == 1 ? "" : section;
        return TITLES.getOrDefault(key, "Store `" + section + "`");
    }

    private static String row(Setting setting) {
        List<String> cells =
                List.of(
                        "`" + setting.name() + "`",
                        setting.type().allowed(),
                        setting.standard() == null ? "" : "`" + setting.standard() + "`",
                        where(setting.layer()),
                        counts(setting),
                        setting.variable() == null ? "" : "`PATRONI_" + setting.variable() + "`",
                        meaning(setting));
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String where(Setting.Layer layer) {
        return switch (layer) {
            case LOCAL -> "file";
            case DYNAMIC -> "store";
            case BOTH -> "both";
        };
    }

    private static String counts(Setting setting) {
        return switch (setting.effect()) {
            case RESTART -> "restart";
            case RELOAD -> "reload";
            case ONCE -> "once";
        };
    }

    private static String meaning(Setting setting) {
        String need =
                switch (setting.need()) {
                    case OPTIONAL -> "";
                    case EXPECTED -> " Expected by validation.";
                    case REQUIRED -> " **Required.**";
                };
        return setting.doc() + need + (setting.secret() ? " **Secret.**" : "");
    }
}
