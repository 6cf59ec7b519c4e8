package demo;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Something that is done to a member, and undone later. Drawn before it is known who leads then.
///
/// @param leader whether it hits whoever leads; else the member with the number
/// @param other the number of another one, for what needs two
/// @param after how long after the beginning of its round
record Fault(Kind kind, boolean leader, int number, int other, Duration after, Duration lasting) {

    /// What is done.
    enum Kind {
        KILL_AGENT("agent killed"),
        FREEZE_AGENT("agent frozen"),
        KILL_POSTMASTER("postmaster killed"),
        KILL_BACKEND("a backend killed"),
        KILL_MEMBER("member killed"),
        FREEZE_MEMBER("member frozen"),
        RESTART_AGENT("agent stopped and started"),
        SWITCHOVER("switchover"),
        KILL_AGENTS("all agents killed"),
        KILL_MEMBERS("all members killed"),
        CUT_ONE_WAY("what it sends to another is lost"),
        CUT("cut off from another"),
        ISOLATE("cut off from all others, not from clients"),
        FILL_DISK("disk full");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        boolean needsRoot() {
            return ordinal() >= CUT_ONE_WAY.ordinal();
        }
    }

    private static final int AFTER_MILLIS_MAX = 2000;
    private static final int LASTING_MILLIS_MAX = 9000;

    /// A random one.
    ///
    /// @param root whether there may be those that need root's rights
    static Fault random(RandomGenerator random, int size, boolean root) {
        Kind[] kinds = Kind.values();
        Kind kind = kinds[random.nextInt(root ? kinds.length : Kind.CUT_ONE_WAY.ordinal())];
        int number = random.nextInt(size);
        return new Fault(
                kind,
                random.nextInt(3) > 0,
                number,
                random.nextInt(1, size),
                Duration.ofMillis(random.nextInt(AFTER_MILLIS_MAX)),
                Duration.ofMillis(500 + random.nextInt(LASTING_MILLIS_MAX)));
    }
}
