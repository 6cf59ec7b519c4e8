package io.tamada.agent;

import io.tamada.ha.dcs.DcsProvider;
import io.tamada.ha.dcs.DistributedConfigStore;
import java.util.Set;

/// A store of these tests' own, so that no real backend is needed: section `shelf`.
public final class ShelfProvider implements DcsProvider {

    @Override
    public String section() {
        return "shelf";
    }

    @Override
    public Set<String> secrets() {
        return Set.of("password");
    }

    @Override
    public DistributedConfigStore open(Context context) {
        throw new IllegalArgumentException("shelf.password: there is nothing to open");
    }
}
