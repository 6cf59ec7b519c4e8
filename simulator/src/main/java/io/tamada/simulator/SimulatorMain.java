package io.tamada.simulator;

import io.tamada.simulator.world.Story;
import java.util.List;

/// The command `dev/simulate`: runs seeds until something breaks, the hours are over, or somebody
/// stops it.
public final class SimulatorMain {

    private SimulatorMain() {}

    /// @param arguments see [SimulatorOptions]
    public static void main(String[] arguments) throws InterruptedException {
        SimulatorOptions options;
        try {
            options = SimulatorOptions.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println("simulate: " + e.getMessage());
            System.err.println(SimulatorOptions.USAGE);
            System.exit(2);
            return;
        }
        System.exit(run(options) ? 0 : 1);
    }

    private static boolean run(SimulatorOptions options) throws InterruptedException {
        if (options.help()) {
            System.out.println(SimulatorOptions.USAGE);
            return true;
        }
        if (options.mutants()) {
            return MutantRun.all(options);
        }
        if (options.seed() != null && options.trace()) {
            Verdict verdict =
                    new Simulation(
                                    options.seed(),
                                    options.members(),
                                    options.hoursEach(),
                                    options.variant(),
                                    Story.to(System.out::println))
                            .run();
            System.out.println(verdict);
            return !verdict.failed();
        }
        return new Campaign(options).run();
    }
}
