package io.tamada.ha.model;

import org.jspecify.annotations.Nullable;

/// A streaming connection as the sending server sees it (`pg_stat_replication`).
public record WalSender(
        String applicationName,
        String user,
        @Nullable String clientAddress,
        String state,
        String syncState,
        int syncPriority,
        @Nullable Lsn write,
        @Nullable Lsn flush,
        @Nullable Lsn replay) {

    public boolean isStreaming() {
        return state.equals("streaming");
    }
}
