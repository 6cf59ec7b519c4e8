package io.tamada.configuration;

import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Tags;
import io.tamada.ha.model.Values;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A member's local configuration: files with the environment laid over them, read once, immutable.
///
/// The accessors may be used when [#findings()] refuse nothing.
public final class LocalConfiguration {

    private final PlacedDocument placed;
    private final Catalogue catalogue;
    private final List<String> stores;
    private final List<Finding> findings;

    LocalConfiguration(
            PlacedDocument placed, Catalogue catalogue, DcsProviders providers, Findings findings) {
        this.placed = placed;
        this.catalogue = catalogue;
        this.stores = providers.sections();
        boolean readable = !findings.refused();
        if (readable) {
            new Validator(catalogue, placed, findings).check();
            checkStore(providers, findings);
        }
        this.findings = findings.all();
    }

    private LocalConfiguration(LocalConfiguration like, ConfigDocument document) {
        placed = new PlacedDocument(like.placed.source(), document, like.placed.spots());
        catalogue = like.catalogue;
        stores = like.stores;
        findings = like.findings;
    }

    /// This configuration as a running agent can take it over: what counts only after a restart
    /// stays as it was.
    ///
    /// @param waiting gets the names of the settings that have changed and wait for a restart
    public LocalConfiguration reloadedOver(LocalConfiguration before, List<String> waiting) {
        ConfigDocument document =
                RestartSettings.kept(catalogue, before.document(), document(), waiting);
        return waiting.isEmpty() ? this : new LocalConfiguration(this, document);
    }

    /// The catalogue for the stores that there are.
    static Catalogue catalogueFor(DcsProviders providers) {
        Map<String, List<StoreSetting>> stores = new HashMap<>();
        for (String section : providers.sections()) {
            stores.put(section, providers.forSection(section).settings());
        }
        return new Catalogue(stores);
    }

    private void checkStore(DcsProviders providers, Findings findings) {
        List<String> given = stores.stream().filter(s -> placed.document().at(s) != null).toList();
        if (given.isEmpty()) {
            findings.refuse(
                    placed.source(),
                    "",
                    "no store is configured; expected one of the sections: "
                            + String.join(", ", providers.sections())
                            + (providers.broken().isEmpty()
                                    ? ""
                                    : " (can't be loaded: " + providers.broken() + ")"));
        } else if (given.size() > 1) {
            findings.invalid(
                    placed.keyOf(List.of(given.get(1))),
                    given.get(1),
                    "a second store beside '"
                            + given.getFirst()
                            + "', which is the one used; give only one");
        }
        given.stream().findFirst().ifPresent(section -> problems(providers, section, findings));
    }

    /// What the provider finds in its section; a setting that is known to be wrong is enough.
    private void problems(DcsProviders providers, String section, Findings findings) {
        boolean known =
                findings.of(Finding.Severity.REFUSED).stream()
                        .anyMatch(f -> (f.path() + ".").startsWith(section + "."));
        if (known) {
            return;
        }
        for (String problem :
                providers.forSection(section).problems(placed.document().section(section))) {
            int end = problem.indexOf(": ");
            boolean named =
                    end > 0
                            && problem.startsWith(section)
                            && !problem.substring(0, end).contains(" ");
            String path = named ? problem.substring(0, end) : section;
            findings.refuse(
                    placed.placeOf(List.of(path.split("\\."))),
                    path,
                    named ? problem.substring(end + 2) : problem);
        }
    }

    /// What there is to say about it.
    public List<Finding> findings() {
        return findings;
    }

    public boolean isRefused() {
        return findings.stream().anyMatch(f -> f.severity() == Finding.Severity.REFUSED);
    }

    public ConfigDocument document() {
        return placed.document();
    }

    /// Where a setting was given, for messages about it.
    public Place placeOf(String... path) {
        return placed.placeOf(List.of(path));
    }

    public String scope() {
        return text("scope");
    }

    public MemberName name() {
        return MemberName.of(text("name"));
    }

    public String namespace() {
        Object value = document().at("namespace");
        return value == null ? "/service" : value.toString();
    }

    /// The section of the store to use: of those given the first by name.
    public String storeSection() {
        return stores.stream()
                .filter(section -> document().at(section) != null)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no store configured"));
    }

    /// The Citus group; null unless group and database are given.
    public @Nullable Integer citusGroup() {
        boolean complete = document().at("citus", "database") instanceof String;
        return complete && document().at("citus", "group") instanceof Number group
                ? Integer.valueOf(group.intValue())
                : null;
    }

    public Tags tags() {
        Map<String, Object> tags = new LinkedHashMap<>();
        document()
                .section("tags")
                .root()
                .forEach((name, value) -> {
                    if (value != null) {
                        tags.put(name, value);
                    }
                });
        return new Tags(tags);
    }

    /// Whether this member may make a new cluster.
    public boolean mayInitialize() {
        return document().at("bootstrap") instanceof Map<?, ?>;
    }

    /// What a new cluster's dynamic configuration begins with.
    public ConfigDocument firstDynamic() {
        return document().section("bootstrap", "dcs");
    }

    /// `username:password` for the REST API from a section with `authentication` or the old `auth`;
    /// empty without.
    public Optional<String> basicAuthentication(String section) {
        Object user = document().at(section, "authentication", "username");
        Object password = document().at(section, "authentication", "password");
        if (user != null && password != null) {
            return Optional.of(user + ":" + password);
        }
        return Optional.ofNullable(document().at(section, "auth")).map(Object::toString);
    }

    /// Every secret value, to be kept out of logs.
    public Set<String> secrets() {
        Set<String> secrets = new HashSet<>();
        Set<String> others = new HashSet<>();
        collect(document().root(), List.of(), secrets, others);
        // A password that equals a user's name can't be told from it.
        secrets.removeAll(others);
        return secrets;
    }

    private void collect(
            @Nullable Object value, List<String> path, Set<String> secrets, Set<String> others) {
        switch (value) {
            case null -> {}
            case Map<?, ?> map ->
                    map.forEach((key, inner) -> {
                        List<String> here = new java.util.ArrayList<>(path);
                        here.add(String.valueOf(key));
                        collect(inner, here, secrets, others);
                    });
            case List<?> list -> list.forEach(item -> collect(item, path, secrets, others));
            default -> (catalogue.isSecret(path) ? secrets : others).add(value.toString());
        }
    }

    /// Whether a flag is set.
    public boolean flag(boolean standard, String... path) {
        return Values.bool(document().at(path)).orElse(standard);
    }

    private String text(String key) {
        Object value = document().at(key);
        if (value == null) {
            throw new IllegalStateException(key + " is not configured");
        }
        return value.toString();
    }
}
