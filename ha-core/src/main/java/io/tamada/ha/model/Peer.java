package io.tamada.ha.model;

/// Another member, and where its REST API answers.
public record Peer(MemberName name, String apiUrl) {}
