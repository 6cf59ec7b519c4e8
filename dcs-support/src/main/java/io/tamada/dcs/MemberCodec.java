package io.tamada.dcs;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.Tags;
import io.tamada.ha.model.Timeline;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `members/<name>`: what a member publishes about itself.
final class MemberCodec {

    private static final Set<String> KNOWN =
            Set.of(
                    "conn_url",
                    "conn_kwargs",
                    "api_url",
                    "state",
                    "role",
                    "version",
                    "proxy_url",
                    "checkpoint_after_promote",
                    "tags",
                    "pending_restart",
                    "pending_restart_reason",
                    "xlog_location",
                    "replay_lsn",
                    "receive_lsn",
                    "replication_state",
                    "timeline",
                    "scheduled_restart",
                    "pause");

    /// What a member that says nothing of it is taken for.
    private static final String UNKNOWN_STATE = "unknown";

    private static final String UNKNOWN_ROLE = "replica";

    private MemberCodec() {}

    static Map<String, @Nullable Object> encode(MemberStatus member) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        put(out, "conn_url", member.connUrl());
        put(out, "api_url", member.apiUrl());
        out.put("state", member.state());
        out.put("role", member.role());
        put(out, "version", member.version());
        put(out, "proxy_url", member.proxyUrl());
        put(out, "checkpoint_after_promote", member.checkpointAfterPromote());
        if (!member.tags().all().isEmpty()) {
            out.put("tags", member.tags().all());
        }
        if (member.pendingRestart().isPending()) {
            out.put("pending_restart", true);
            out.put("pending_restart_reason", reasons(member.pendingRestart()));
        }
        put(out, "xlog_location", number(member.position()));
        put(out, "replay_lsn", nonZero(member.replayed()));
        put(out, "receive_lsn", nonZero(member.received()));
        put(out, "replication_state", member.replicationState());
        put(out, "timeline", member.timeline() == null ? null : member.timeline().value());
        if (member.scheduledRestart() != null) {
            out.put("scheduled_restart", RestartCodec.encode(member.scheduledRestart()));
        }
        if (member.paused()) {
            out.put("pause", true);
        }
        member.extra().root().forEach(out::putIfAbsent);
        return out;
    }

    private static void put(
            Map<String, @Nullable Object> out, String name, @Nullable Object value) {
        if (value != null) {
            out.put(name, value);
        }
    }

    private static @Nullable Long number(@Nullable Lsn position) {
        return position == null ? null : position.value();
    }

    private static @Nullable Long nonZero(@Nullable Lsn position) {
        return position == null || position.isZero() ? null : position.value();
    }

    private static Map<String, Object> reasons(PendingRestart pending) {
        Map<String, Object> out = new LinkedHashMap<>();
        pending.reasons()
                .forEach((name, change) -> {
                    Map<String, Object> values = new LinkedHashMap<>();
                    values.put("old_value", change.oldValue());
                    values.put("new_value", change.newValue());
                    out.put(name, values);
                });
        return out;
    }

    static MemberStatus decode(MemberName name, String text, List<String> problems) {
        String key = KeyPaths.MEMBERS + name;
        if (text.startsWith("postgres://") || text.startsWith("postgresql://")) {
            return fromUrl(name, text);
        }
        try {
            return decode(name, new Fields(key, Json.parseObject(text), problems));
        } catch (JsonException e) {
            problems.add(key + ": " + e.getMessage());
            return MemberStatus.builder(name).state(UNKNOWN_STATE).role(UNKNOWN_ROLE).build();
        }
    }

    private static MemberStatus decode(MemberName name, Fields in) {
        String state = in.word("state");
        String role = in.word("role");
        PendingRestart pending = pendingRestart(in);
        Map<String, @Nullable Object> extra = in.except(KNOWN);
        if (in.flag("pending_restart") && !pending.isPending()) {
            extra.put("pending_restart", true);
        }
        return MemberStatus.builder(name)
                .connUrl(connUrl(in))
                .apiUrl(in.word("api_url"))
                .state(state == null ? UNKNOWN_STATE : state)
                .role(role == null ? UNKNOWN_ROLE : role)
                .version(in.word("version"))
                .proxyUrl(in.word("proxy_url"))
                .checkpointAfterPromote(
                        in.raw("checkpoint_after_promote") instanceof Boolean done ? done : null)
                .tags(tags(in))
                .pendingRestart(pending)
                .position(in.position("xlog_location"))
                .replayed(in.position("replay_lsn"))
                .received(in.position("receive_lsn"))
                .replicationState(in.word("replication_state"))
                .timeline(timeline(in))
                .scheduledRestart(RestartCodec.decode(in))
                .paused(in.flag("pause"))
                .extra(ConfigDocument.of(extra))
                .build();
    }

    private static @Nullable Timeline timeline(Fields in) {
        Long number = in.number("timeline");
        return number == null || number < 1 || number > Integer.MAX_VALUE
                ? null
                : Timeline.of(number.intValue());
    }

    private static Tags tags(Fields in) {
        Map<?, ?> map = in.object("tags");
        if (map == null) {
            return Tags.NONE;
        }
        Map<String, Object> tags = new LinkedHashMap<>();
        map.forEach((tag, value) -> {
            if (value != null) {
                tags.put(String.valueOf(tag), value);
            }
        });
        return new Tags(tags);
    }

    private static PendingRestart pendingRestart(Fields in) {
        Map<?, ?> map = in.flag("pending_restart") ? in.object("pending_restart_reason") : null;
        if (map == null) {
            return PendingRestart.NONE;
        }
        Map<String, PendingRestart.Change> reasons = new LinkedHashMap<>();
        map.forEach((setting, value) -> {
            if (value instanceof Map<?, ?> change) {
                reasons.put(
                        String.valueOf(setting),
                        new PendingRestart.Change(
                                String.valueOf(change.get("old_value")),
                                String.valueOf(change.get("new_value"))));
            } else {
                in.problem("pending_restart_reason." + setting + " is not an object");
            }
        });
        return new PendingRestart(reasons);
    }

    private static @Nullable String connUrl(Fields in) {
        String url = in.word("conn_url");
        if (url != null || in.raw("conn_kwargs") == null) {
            return url;
        }
        Map<?, ?> parts = in.object("conn_kwargs");
        if (parts == null || !(parts.get("host") instanceof String host) || host.isBlank()) {
            return null;
        }
        Object port = parts.get("port");
        Object database = parts.get("dbname") instanceof String name ? name : "postgres";
        return "postgres://"
                + (host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host)
                + ":"
                + (port == null ? "5432" : port)
                + "/"
                + database;
    }

    /// The oldest form: a connection URL that carries the REST address as application name.
    /// Credentials are dropped.
    private static MemberStatus fromUrl(MemberName name, String text) {
        MemberStatus.Builder member =
                MemberStatus.builder(name).state(UNKNOWN_STATE).role(UNKNOWN_ROLE);
        int query = text.indexOf('?');
        String url = query < 0 ? text : text.substring(0, query);
        if (query >= 0) {
            for (String part : text.substring(query + 1).split("&", -1)) {
                if (part.startsWith("application_name=")) {
                    member.apiUrl(decoded(part.substring("application_name=".length())));
                }
            }
        }
        return member.connUrl(withoutCredentials(url)).build();
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static String withoutCredentials(String url) {
        try {
            URI uri = new URI(url);
            if (uri.getRawUserInfo() == null
                    && uri.getRawAuthority() != null
                    && uri.getRawAuthority().indexOf('@') < 0) {
                return url;
            }
        } catch (URISyntaxException e) {
            // A password may hold any character: cut at the last at-sign before the path.
        }
        int start = url.indexOf("://") + 3;
        int slash = url.indexOf('/', url.lastIndexOf('@') < 0 ? start : url.lastIndexOf('@'));
        int at = url.lastIndexOf('@', slash < 0 ? url.length() : slash);
        return at < start ? url : url.substring(0, start) + url.substring(at + 1);
    }
}
