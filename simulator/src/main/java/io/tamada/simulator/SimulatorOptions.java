package io.tamada.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was asked of `dev/simulate`.
///
/// @param seed the only seed to run, or the first; null for one from the clock
/// @param single only this seed
/// @param hours simulated cluster-hours in all; 0 for no end
/// @param hoursEach of one seed
/// @param members of each cluster; 0 leaves it to the seed
/// @param untilFailure stop at the first failure
/// @param jobs how many simulations at the same time
/// @param trace tell the story of the seed
/// @param mutants run the mutants instead
/// @param check what the check of the whole tree runs: [Campaign#CHECK_HOURS] with seeds that are
///   always the same
/// @param variant the policy to run
record SimulatorOptions(
        @Nullable Long seed,
        boolean single,
        double hours,
        double hoursEach,
        int members,
        boolean untilFailure,
        int jobs,
        boolean trace,
        boolean mutants,
        boolean check,
        Variant variant,
        boolean help) {

    static final String USAGE =
            """
            usage: dev/simulate [option]...
              --hours H         stop after H simulated cluster-hours (default: go on until stopped)
              --seed S          run this seed alone; it replays exactly
              --from S          begin with this seed and go on with the next
              --trace           with --seed: tell what happened, line by line
              --members N       clusters of N members (default: as the seed has it)
              --each H          simulated hours per seed (default 1)
              --until-failure   stop at the first broken promise
              --jobs N          simulations at the same time (default: the number of processors)
              --check           2000 cluster-hours with the seeds from 1: what ./check runs
              --mutants         run the broken policies and tell which are caught
              --mutant NAME     run this broken policy instead of the production one
            """;

    static SimulatorOptions parse(List<String> arguments) {
        Deque<String> rest = new ArrayDeque<>(arguments);
        Long seed = null;
        boolean single = false;
        double hours = 0;
        double each = 1;
        int members = 0;
        boolean untilFailure = false;
        int jobs = Runtime.getRuntime().availableProcessors();
        boolean trace = false;
        boolean mutants = false;
        boolean check = false;
        boolean help = false;
        Variant variant = Variant.PRODUCTION;
        while (!rest.isEmpty()) {
            String option = rest.remove();
            switch (option) {
                case "--seed" -> {
                    seed = whole(option, rest);
                    single = true;
                }
                case "--from" -> seed = whole(option, rest);
                case "--hours" -> hours = number(option, rest);
                case "--each" -> each = number(option, rest);
                case "--members" -> members = (int) whole(option, rest);
                case "--jobs" -> jobs = (int) whole(option, rest);
                case "--until-failure" -> untilFailure = true;
                case "--trace" -> trace = true;
                case "--mutants" -> mutants = true;
                case "--check" -> {
                    check = true;
                    hours = Campaign.CHECK_HOURS;
                }
                case "--mutant" -> variant = Mutants.named(value(option, rest));
                case "--help", "-h" -> help = true;
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        if (members < 0 || members > 9 || jobs < 1 || each <= 0 || hours < 0) {
            throw new IllegalArgumentException(
                    "members are 0 to 9, jobs at least 1, hours positive");
        }
        if (trace && seed == null) {
            throw new IllegalArgumentException("--trace needs --seed");
        }
        if (check && seed != null) {
            throw new IllegalArgumentException("--check chooses its seeds itself");
        }
        return new SimulatorOptions(
                seed,
                single,
                hours,
                each,
                members,
                untilFailure,
                jobs,
                trace,
                mutants,
                check,
                variant,
                help);
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.remove();
    }

    private static long whole(String option, Deque<String> rest) {
        String text = value(option, rest);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    option + ": '" + text + "' is not a whole number", e);
        }
    }

    private static double number(String option, Deque<String> rest) {
        String text = value(option, rest);
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + ": '" + text + "' is not a number", e);
        }
    }
}
