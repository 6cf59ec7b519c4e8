package io.tamada.ha.port;

import io.tamada.ha.model.PostgresState;

/// Where a running task tells how far it is.
public interface TaskProgress {

    /// The state that the member publishes meanwhile.
    void state(PostgresState state);

    /// A sentence for people: phase, percent, rate.
    void detail(String text);

    /// Tells nobody.
    TaskProgress SILENT =
            new TaskProgress() {
                @Override
                public void state(PostgresState state) {}

                @Override
                public void detail(String text) {}
            };
}
