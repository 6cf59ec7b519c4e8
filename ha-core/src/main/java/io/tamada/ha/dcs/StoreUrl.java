package io.tamada.ha.dcs;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a section spells the address of `SECTION://host:port`, as given to a tool.
///
/// @param port counts when the URL has none, and stands for this store when the URL has no scheme
/// @param key takes the address, as `host:port`
/// @param list whether it takes a list of one
/// @param portKey takes the port, so that `key` takes the host alone; null for none
/// @param assumed whether this store is meant by a URL that has neither a scheme nor a known port
/// @param replaced all settings that say where the store is: the URL counts instead of them
public record StoreUrl(
        int port,
        String key,
        boolean list,
        @Nullable String portKey,
        boolean assumed,
        Set<String> replaced) {

    public StoreUrl {
        replaced = Set.copyOf(replaced);
    }
}
