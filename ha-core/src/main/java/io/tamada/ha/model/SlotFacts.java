package io.tamada.ha.model;

import org.jspecify.annotations.Nullable;

/// A replication slot as the local server shows it.
///
/// @param logical logical rather than physical
/// @param active a consumer is connected
/// @param position physical: `restart_lsn`; logical: `confirmed_flush_lsn`; null when nothing is
///   reserved
/// @param database of a logical slot
/// @param plugin of a logical slot
/// @param xmin true when the slot holds back vacuum
/// @param failover PostgreSQL 17 and later carries this slot to standbys by itself
/// @param synced a copy that PostgreSQL 17 and later made by itself
/// @param lost the WAL it needs is gone
public record SlotFacts(
        boolean logical,
        boolean active,
        @Nullable Lsn position,
        @Nullable String database,
        @Nullable String plugin,
        boolean xmin,
        boolean failover,
        boolean synced,
        boolean lost) {

    public static SlotFacts physical(boolean active, @Nullable Lsn position) {
        return new SlotFacts(false, active, position, null, null, false, false, false, false);
    }
}
