package demo;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// What is done to the cluster: some agents die, and maybe their PostgreSQL servers with them; later they are started again.
///
/// @param victims whose agents are killed, all at the same moment
/// @param postmasters whether the servers are killed, too; else they go on without their agents
/// @param before how long the whole cluster is left alone first
/// @param down how long the victims stay dead
record Blow(List<Member> victims, boolean postmasters, Duration before, Duration down) {

    private static final int BEFORE_MILLIS_MAX = 3000;

    /// One random member, at a random moment, gone for less or for longer than its lease runs.
    static Blow random(List<Member> members, RandomGenerator random, int ttlSeconds) {
        Member victim = members.get(random.nextInt(members.size()));
        return new Blow(
                List.of(victim),
                random.nextBoolean(),
                Duration.ofMillis(random.nextInt(BEFORE_MILLIS_MAX)),
                Duration.ofMillis(random.nextInt(ttlSeconds * 1600)));
    }

    static Blow everybody(List<Member> members, RandomGenerator random, boolean postmasters) {
        return new Blow(
                members,
                postmasters,
                Duration.ofMillis(random.nextInt(BEFORE_MILLIS_MAX)),
                Duration.ofMillis(random.nextInt(BEFORE_MILLIS_MAX)));
    }

    /// `kill -9`.
    void kill() {
        List<ProcessHandle> doomed = new java.util.ArrayList<>();
        for (Member victim : victims) {
            victim.agent().ifPresent(doomed::add);
            if (postmasters) {
                victim.postmaster().ifPresent(doomed::add);
            }
        }
        doomed.forEach(ProcessHandle::destroyForcibly);
    }

    String names() {
        return String.join("+", victims.stream().map(Member::name).toList());
    }

    String what() {
        return postmasters ? "agent+postmaster" : "agent";
    }
}
