package io.tamada.ha;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.PostgresState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that happened to a member. Keep a default branch when you switch over it: new kinds
/// come with releases.
public sealed interface HaEvent {

    Instant at();

    record RoleChanged(Instant at, MemberRole before, MemberRole after) implements HaEvent {}

    record StateChanged(Instant at, PostgresState before, PostgresState after) implements HaEvent {}

    /// @param leader null when nobody leads now
    record LeaderChanged(Instant at, @Nullable MemberName leader) implements HaEvent {}

    record LeaseAcquired(Instant at) implements HaEvent {}

    record LeaseLost(Instant at, String why) implements HaEvent {}

    record TaskEnded(Instant at, String title, String result) implements HaEvent {}

    /// The deciding rule changed.
    record Decided(Instant at, String rule, String decision) implements HaEvent {}

    /// The dynamic configuration in force changed.
    record ConfigChanged(Instant at, io.tamada.ha.model.ClusterSettings settings)
            implements HaEvent {}

    /// What a member publishes changed, this one included.
    ///
    /// @param role its word; null when the member is gone
    /// @param state its word, `streaming` for a standby that does; null when the member is gone
    record MemberChanged(Instant at, MemberName name, @Nullable String role, @Nullable String state)
            implements HaEvent {}

    record StoreSilent(Instant at, String problem) implements HaEvent {}

    record StoreBack(Instant at) implements HaEvent {}
}
