package io.tamada.ha.policy;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import java.util.Set;

/// Which standbys have confirmed WAL under the setting of `synchronous_standby_names` that runs
/// now.
///
/// @param names the setting as last seen
/// @param safe our position when it last changed: a standby that has it confirms under the new
///   setting
/// @param ready standbys that have reached it; sticky until they leave the setting
public record SyncMemory(String names, Lsn safe, Set<MemberName> ready) {

    public static final SyncMemory UNKNOWN = new SyncMemory("\0", Lsn.ZERO, Set.of());

    public SyncMemory {
        ready = Set.copyOf(ready);
    }
}
