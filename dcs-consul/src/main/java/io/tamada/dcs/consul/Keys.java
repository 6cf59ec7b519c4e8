package io.tamada.dcs.consul;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore.Entry;
import io.tamada.ha.model.Revision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a cluster's keys lie in Consul: as everywhere, without the leading slash.
record Keys(KeyPaths paths) {

    String path(String key) {
        return paths.absolute(key).substring(1);
    }

    /// What all keys begin with.
    String prefix() {
        return paths.prefix().substring(1);
    }

    /// The address at which all keys are read.
    String treeAddress() {
        return address(prefix());
    }

    String keyAddress(String key) {
        return address(path(key));
    }

    private static String address(String path) {
        return "/v1/kv/" + ConsulHttp.escaped(path).replace("%2F", "/");
    }

    /// The entries in the body of a read; null when it is none. A 404 is an empty cluster.
    @Nullable List<Entry> entries(Answer.Answered answer) {
        if (answer.status() == 404) {
            return List.of();
        }
        if (!answer.isOk() || !(answer.json() instanceof List<?> list)) {
            return null;
        }
        List<Entry> entries = new ArrayList<>();
        for (Object one : list) {
            Entry entry = one instanceof Map<?, ?> map ? entry(map) : null;
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private @Nullable Entry entry(Map<?, ?> map) {
        if (!(map.get("Key") instanceof String path)
                || !(map.get("ModifyIndex") instanceof Long index)) {
            return null;
        }
        String key = paths.relative("/" + path);
        String value = map.get("Value") instanceof String text ? decoded(text) : "";
        return key == null
                ? null
                : new Entry(
                        key,
                        value,
                        Revision.of(index),
                        map.get("Session") instanceof String session ? session : null);
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
