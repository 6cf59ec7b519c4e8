package io.tamada.simulator;

import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.policy.HaPolicy;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.Step;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.port.Watchdog;
import io.tamada.ha.time.TimeSource;
import java.util.function.Function;

/// How the engines think and what they believe: production, or a mutant of it.
///
/// A mutant lies to the production policy about what is seen, or alters what it decides, or lies to
/// the engine through a port. So the code under test stays as it is, and a mutant keeps meaning
/// what its name says.
public interface Variant {

    /// Its name, as given to `--mutant`.
    String name();

    /// What is wrong with it.
    String sentence();

    /// The policy of one engine; may keep state.
    default Function<Observation, Step> policy() {
        HaPolicy policy = new HaPolicy();
        return policy::decide;
    }

    default DistributedConfigStore store(DistributedConfigStore store, TimeSource time) {
        return store;
    }

    default PeerClient peers(PeerClient peers) {
        return peers;
    }

    default Watchdog guard(Watchdog guard) {
        return guard;
    }

    default TimeSource time(TimeSource time) {
        return time;
    }

    /// The production policy.
    Variant PRODUCTION =
            new Variant() {
                @Override
                public String name() {
                    return "production";
                }

                @Override
                public String sentence() {
                    return "nothing is wrong";
                }
            };
}
