package io.tamada.simulator.fault;

import java.time.Duration;

/// One thing that goes wrong for a while, or one thing that an operator does.
///
/// Machines are named. What a fault does is written in [FaultInjector]; how long it lasts, in
/// [FaultPlan].
public sealed interface Fault {

    /// Messages that don't pass.
    enum Direction {
        IN,
        OUT,
        BOTH
    }

    /// The agent is killed; a supervisor starts it again when the fault ends.
    record KillAgent(String machine) implements Fault {}

    /// The agent is asked to end in an orderly way, and started again when the fault ends.
    record StopAgent(String machine) implements Fault {}

    /// The postmaster is killed.
    record CrashPostgres(String machine) implements Fault {}

    /// The machine loses its power; its disk stays.
    record PowerOff(String machine) implements Fault {}

    /// The agent stands still while PostgreSQL and the guard go on.
    record FreezeAgent(String machine) implements Fault {}

    /// The whole machine stands still.
    record FreezeMachine(String machine) implements Fault {}

    /// PostgreSQL lives and answers nothing.
    record HangPostgres(String machine) implements Fault {}

    /// The machine can't talk to the store.
    record CutFromStore(String machine, Direction direction) implements Fault {}

    /// Two machines can't talk to each other.
    record CutFromPeer(String machine, String peer, Direction direction) implements Fault {}

    /// A machine that talks to the store and to clients, but to no other member: a standby that
    /// falls behind.
    record CutFromPeers(String machine) implements Fault {}

    /// The machine is alone: no store, no peers; clients may still reach it.
    record Isolate(String machine, boolean fromClients) implements Fault {}

    /// The store answers nobody.
    record SilentStore() implements Fault {}

    /// Messages to and from an address take up to so much longer.
    record SlowNetwork(String address, Duration upTo) implements Fault {}

    /// A part of all messages is lost, another arrives twice.
    record LossyNetwork(double lost, double doubled) implements Fault {}

    /// Starts, stops, checkpoints and promotions take up to so much longer.
    record SlowPostgres(String machine, Duration upTo) implements Fault {}

    /// The elapsed clock runs at another rate, within what is allowed for.
    record ClockRate(String machine, double rate) implements Fault {}

    /// The wall clock jumps, and back at the end.
    record WallJump(String machine, Duration by) implements Fault {}

    /// An operator asks for a switchover; an empty candidate leaves the choice to the cluster.
    record Switchover(String candidate) implements Fault {}

    /// An operator asks this member to take over, whatever is lost.
    record Failover(String candidate) implements Fault {}

    /// An operator pauses the cluster, and resumes it at the end.
    record Pause() implements Fault {}

    /// An operator restarts PostgreSQL.
    record Restart(String machine) implements Fault {}

    /// An operator has a member cloned again.
    record Reinitialize(String machine) implements Fault {}

    /// An operator changes a setting for a while.
    record Configure(String setting, Object value) implements Fault {}

    /// A member goes for a while: its agent stops in an orderly way and its entry in the store is
    /// removed.
    record RemoveMember(String machine) implements Fault {}
}
