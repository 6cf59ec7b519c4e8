package demo;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Something that is done to a member or to the store, and undone later. Drawn before it is known who leads then.
///
/// @param leader whether it hits whoever leads; else the member with the number
/// @param other the number of another one, for what needs two
/// @param after how long after the beginning of its round
record Fault(Kind kind, boolean leader, int number, int other, Duration after, Duration lasting) {

    /// What some faults need.
    enum Means {
        /// Network namespaces and small disks.
        DIVISION,
        /// A store that is a server of its own.
        SERVER,
        /// A wall clock for each member.
        CLOCKS
    }

    /// What is done.
    enum Kind {
        KILL_AGENT("agent killed"),
        FREEZE_AGENT("agent frozen"),
        KILL_POSTMASTER("postmaster killed"),
        KILL_BACKEND("a backend killed"),
        KILL_MEMBER("member killed"),
        FREEZE_MEMBER("member frozen"),
        RESTART_AGENT("agent stopped and started"),
        RESTART_SERVER("PostgreSQL restarted by an operator"),
        SWITCHOVER("switchover"),
        KILL_AGENTS("all agents killed"),
        KILL_MEMBERS("all members killed"),
        CUT_ONE_WAY("what it sends to another is lost", Means.DIVISION),
        CUT("cut off from another", Means.DIVISION),
        ISOLATE("cut off from all others, not from clients", Means.DIVISION),
        FILL_DISK("disk full", Means.DIVISION),
        STEP_CLOCK("clock stepped", Means.CLOCKS),
        KILL_STORE("store killed", Means.SERVER),
        FREEZE_STORE("store frozen", Means.SERVER),
        CUT_FROM_STORE("cut off from the store", Means.SERVER, Means.DIVISION),
        CUT_TO_STORE("what it sends to the store is lost", Means.SERVER, Means.DIVISION),
        CUT_BY_STORE("what the store sends it is lost", Means.SERVER, Means.DIVISION);

        private final String text;
        private final Set<Means> needs;

        Kind(String text, Means... needs) {
            this.text = text;
            this.needs = Set.of(needs);
        }

        String text() {
            return text;
        }

        /// All that these means allow, or of them those with the names.
        ///
        /// @param names empty: all
        /// @throws IllegalArgumentException when a name is none of those
        static List<Kind> of(Set<Means> means, List<String> names) {
            List<Kind> possible = Arrays.stream(values())
                    .filter(kind -> means.containsAll(kind.needs))
                    .toList();
            if (names.isEmpty()) {
                return possible;
            }
            for (String name : names) {
                if (possible.stream().noneMatch(kind -> kind.text.equals(name))) {
                    throw new IllegalArgumentException("there is no fault '" + name + "' here, but these: "
                            + possible.stream().map(Kind::text).collect(Collectors.joining(", ")));
                }
            }
            return possible.stream().filter(kind -> names.contains(kind.text)).toList();
        }

        /// Whether it hits the store itself.
        boolean isOfStore() {
            return this == KILL_STORE || this == FREEZE_STORE;
        }
    }

    private static final int AFTER_MILLIS_MAX = 2000;
    private static final int LASTING_MILLIS_MAX = 9000;

    /// A random one of these kinds.
    static Fault random(RandomGenerator random, int size, List<Kind> kinds) {
        Kind kind = kinds.get(random.nextInt(kinds.size()));
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
