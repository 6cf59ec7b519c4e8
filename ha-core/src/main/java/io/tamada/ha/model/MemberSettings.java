package io.tamada.ha.model;

/// What this member was configured with, as far as the policy cares.
///
/// @param name this member
/// @param apiUrl where peers reach its REST API
/// @param connUrl where clients reach its PostgreSQL
/// @param tags what it may become
/// @param mayInitialize it has a `bootstrap` section
/// @param useRewind `use_pg_rewind`
/// @param removeDataOnRewindFailure clone again when `pg_rewind` failed for good
/// @param removeDataOnDivergedTimelines clone again when rewind isn't possible
/// @param cloneWithoutLeader some replica method needs no running source
public record MemberSettings(
        MemberName name,
        String apiUrl,
        String connUrl,
        Tags tags,
        boolean mayInitialize,
        boolean useRewind,
        boolean removeDataOnRewindFailure,
        boolean removeDataOnDivergedTimelines,
        boolean cloneWithoutLeader) {

    /// A member that may do everything and removes nothing.
    public static MemberSettings of(MemberName name, String apiUrl, String connUrl) {
        return new MemberSettings(
                name, apiUrl, connUrl, Tags.NONE, true, true, false, false, false);
    }

    public MemberSettings withTags(Tags value) {
        return new MemberSettings(
                name,
                apiUrl,
                connUrl,
                value,
                mayInitialize,
                useRewind,
                removeDataOnRewindFailure,
                removeDataOnDivergedTimelines,
                cloneWithoutLeader);
    }
}
