package io.tamada.ha.dcs;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The backends that a class loader can see, found once when asked for.
public final class DcsProviders {

    private final Map<String, DcsProvider> bySection = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();

    private DcsProviders() {}

    /// Looks for providers. One that can't be loaded is remembered by [#broken()] and does no harm
    /// to the others.
    public static DcsProviders visibleTo(@Nullable ClassLoader loader) {
        DcsProviders found = new DcsProviders();
        Iterator<DcsProvider> providers = ServiceLoader.load(DcsProvider.class, loader).iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return found;
                }
                DcsProvider provider = providers.next();
                found.bySection.put(provider.section(), provider);
            } catch (ServiceConfigurationError e) {
                found.broken.add(String.valueOf(e.getMessage()));
            }
        }
    }

    /// The configuration sections that a backend is there for, sorted.
    public List<String> sections() {
        return List.copyOf(bySection.keySet());
    }

    /// Providers that are on the class path and can't be loaded: the loader's message for each.
    public List<String> broken() {
        return List.copyOf(broken);
    }

    /// The provider of a section.
    ///
    /// @throws IllegalArgumentException when there is none, naming those that there are
    public DcsProvider forSection(String section) {
        DcsProvider provider = bySection.get(section);
        if (provider == null) {
            throw new IllegalArgumentException(
                    "no store named '"
                            + section
                            + "'; found "
                            + sections()
                            + (broken.isEmpty() ? "" : "; could not be loaded: " + broken));
        }
        return provider;
    }
}
