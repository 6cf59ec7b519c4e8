package io.tamada.configuration;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What no single setting tells: settings that contradict each other or can't do what they are for.
final class CrossChecks {

    private static final String UNFILLED = "#FIXME";

    private static final Set<String> UNREACHABLE =
            Set.of("127.0.0.1", "0.0.0.0", "*", "::1", "localhost", "::");

    private final PlacedDocument local;
    private final Findings findings;

    CrossChecks(PlacedDocument local, Findings findings) {
        this.local = local;
        this.findings = findings;
    }

    void check() {
        unfilled(local.document().root(), List.of());
        reservedName();
        reachable("restapi", "connect_address");
        reachable("postgresql", "connect_address");
        pair("tags", "nofailover", "failover_priority");
        pair("tags", "nosync", "sync_priority");
        pairOfBoth("restapi", "authentication", "username", "password");
        firstDynamic();
        bootstrapMethod();
    }

    /// What a generated template left open.
    private void unfilled(@Nullable Object value, List<String> path) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> {
                List<String> here = new ArrayList<>(path);
                here.add(String.valueOf(key));
                unfilled(inner, here);
            });
        } else if (value instanceof List<?> list) {
            list.forEach(item -> unfilled(item, path));
        } else if (value instanceof String text && text.startsWith(UNFILLED)) {
            findings.refuse(
                    local.placeOf(path),
                    String.join(".", path),
                    "still to be filled in: " + UNFILLED);
        }
    }

    private void reservedName() {
        if (MemberName.RESERVED.equals(text("name"))) {
            findings.refuse(
                    place("name"),
                    "name",
                    "reserved for strict synchronous mode; choose another name");
        }
    }

    private void reachable(String... path) {
        String address = text(path);
        if (address == null) {
            return;
        }
        HostPort.parse(address, 5432)
                .ifPresent(parsed -> {
                    if (parsed.hosts().isEmpty()
                            || parsed.hosts().stream().anyMatch(UNREACHABLE::contains)) {
                        findings.notice(
                                place(path),
                                String.join(".", path),
                                "other machines can't reach '"
                                        + address
                                        + "'; give an address of this machine");
                    }
                });
    }

    private void pair(String section, String flag, String priority) {
        Object on = local.document().at(section, flag);
        Object rank = local.document().at(section, priority);
        if (on != null && rank != null) {
            boolean contradict =
                    Values.bool(on).orElse(false) == (Values.integer(rank).orElse(1) > 0);
            String text = "given beside " + section + "." + flag + "; give only one of them";
            if (contradict) {
                findings.invalid(place(section, priority), section + "." + priority, text);
            } else {
                findings.notice(place(section, priority), section + "." + priority, text);
            }
        }
    }

    private void pairOfBoth(String section, String inner, String first, String second) {
        if (local.document().at(section, inner) instanceof Map<?, ?> map && !map.isEmpty()) {
            for (String key : List.of(first, second)) {
                if (map.get(key) == null) {
                    findings.refuse(
                            place(section, inner),
                            section + "." + inner,
                            "needs both " + first + " and " + second + "; " + key + " is missing");
                }
            }
        }
    }

    /// The dynamic configuration's own reader tells what it wouldn't take as written.
    private void firstDynamic() {
        for (String problem :
                ClusterSettings.of(local.document().section("bootstrap", "dcs")).problems()) {
            int end = problem.indexOf(':');
            String key = end > 0 ? problem.substring(0, end) : "";
            Place place = local.placeOf(List.of("bootstrap", "dcs", key));
            boolean known =
                    findings.all().stream().anyMatch(f -> f.path().equals("bootstrap.dcs." + key));
            if (!known) {
                findings.notice(place, "bootstrap.dcs", problem);
            }
        }
    }

    private void bootstrapMethod() {
        String method = text("bootstrap", "method");
        if (method != null
                && !method.equals("initdb")
                && local.document().at("bootstrap", method, "command") == null) {
            findings.invalid(
                    place("bootstrap", "method"),
                    "bootstrap.method",
                    "there is no bootstrap." + method + ".command, so that initdb would be used");
        }
    }

    private @Nullable String text(String... path) {
        Object value = local.document().at(path);
        return value == null || value instanceof Map || value instanceof List
                ? null
                : value.toString();
    }

    private Place place(String... path) {
        return local.placeOf(List.of(path));
    }
}
