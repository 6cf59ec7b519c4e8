package io.tamada.simulator.fault;

import io.tamada.simulator.world.Machine;

/// Starts, stops and kills agents, as systemd does.
public interface Supervisor {

    /// Starts the agent unless one runs or the machine is off.
    void start(Machine machine);

    /// Asks it to end in an orderly way, and doesn't start it again.
    void stop(Machine machine);

    /// Ends it at once.
    void kill(Machine machine);
}
