package io.tamada.ha.model;

/// The `/leader` key: free, or held by a member.
public sealed interface LeaderKey {

    /// Nobody holds it, or the store judged the holder's lease expired.
    record Free() implements LeaderKey {}

    /// @param name the holder; usually but not necessarily a member that the view lists
    /// @param revision the key's version
    /// @param session the store's token of the holder's lease or session; empty where the store has
    ///   none
    record HeldBy(MemberName name, Revision revision, String session) implements LeaderKey {}

    static LeaderKey free() {
        return new Free();
    }

    default boolean isFree() {
        return this instanceof Free;
    }

    default boolean isHeldBy(MemberName name) {
        return this instanceof HeldBy(var holder, _, _) && holder.equals(name);
    }
}
