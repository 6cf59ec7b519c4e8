package io.tamada.ha.dcs;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Revision;
import java.time.Duration;

/// A backend's receipt for the leader key. It proves nothing about time: only [LeaseKeeper] makes a
/// [HeldLease] of it.
///
/// @param holder whose it is
/// @param revision the leader key's version
/// @param session the store's token of the lease or session behind it
/// @param ttl how long the store granted, which may be more than was asked for
public record LeaseGrant(MemberName holder, Revision revision, String session, Duration ttl) {}
