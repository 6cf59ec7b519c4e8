package io.tamada.dcs.consul;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A member as a service of Consul.
///
/// @param checkUrl answers 200 while the member is well and in its role
record ServiceEntry(String address, int port, List<String> tags, String checkUrl) {

    private static final Set<String> ROLES = Set.of("primary", "replica", "standby_leader");
    private static final int NAME_MAX = 230;
    private static final int DEREGISTER_FACTOR = 5;

    ServiceEntry {
        tags = List.copyOf(tags);
    }

    /// What all entries of one member have in common.
    record Template(String scope, String member, ConsulSettings.Service settings, Duration ttl) {

        String id() {
            return scope + "/" + member;
        }

        /// From what the member published; null when it isn't to be found as a service.
        @Nullable ServiceEntry of(String json) {
            try {
                Map<String, @Nullable Object> status = Json.parseObject(json);
                String role = String.valueOf(status.get("role"));
                if (!"running".equals(status.get("state")) || !ROLES.contains(role)) {
                    return null;
                }
                URI server = new URI(String.valueOf(status.get("conn_url")));
                URI api = new URI(String.valueOf(status.get("api_url")));
                if (server.getHost() == null || api.getHost() == null) {
                    return null;
                }
                List<String> tags = new ArrayList<>(settings.tags());
                tags.add(role.replace('_', '-'));
                if (role.equals("primary")) {
                    tags.add("master");
                }
                return new ServiceEntry(
                        server.getHost(),
                        server.getPort() < 0 ? 5432 : server.getPort(),
                        tags,
                        api.resolve("/" + role).toString());
            } catch (JsonException | URISyntaxException _) {
                return null;
            }
        }

        /// The body of a registration.
        String json(ServiceEntry entry) {
            Map<String, Object> check = new LinkedHashMap<>();
            check.put("HTTP", entry.checkUrl());
            check.put("Interval", settings.interval());
            check.put(
                    "DeregisterCriticalServiceAfter",
                    ttl.multipliedBy(DEREGISTER_FACTOR).toSeconds() + "s");
            if (settings.tlsServerName() != null) {
                check.put("TLSServerName", settings.tlsServerName());
            }
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("ID", id());
            body.put("Name", serviceName(scope));
            body.put("Address", entry.address());
            body.put("Port", entry.port());
            body.put("Tags", entry.tags());
            body.put("EnableTagOverride", true);
            body.put("Check", check);
            return Json.compact(body);
        }
    }

    /// A name that DNS can carry.
    static String serviceName(String scope) {
        StringBuilder name = new StringBuilder();
        scope.toLowerCase(Locale.ROOT)
                .codePoints()
                .forEach(c -> {
                    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-') {
                        name.append((char) c);
                    } else if (c == '.' || c == '_' || c == ' ') {
                        name.append('-');
                    } else {
                        name.append("u%04d".formatted(c));
                    }
                });
        return name.substring(0, Math.min(NAME_MAX, name.length()));
    }
}
