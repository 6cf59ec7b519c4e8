package io.tamada.dcs.raft.machine;

/// A key as the group knows it.
///
/// @param session the owner; zero for none
public record KvEntry(String key, String value, long revision, long session) {}
