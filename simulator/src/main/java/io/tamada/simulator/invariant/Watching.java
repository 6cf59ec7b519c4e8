package io.tamada.simulator.invariant;

import io.tamada.simulator.world.Branch;
import io.tamada.simulator.world.DataDirectory;
import io.tamada.simulator.world.PostgresServer;
import io.tamada.simulator.world.World;
import io.tamada.simulator.world.WorldObserver;

/// An invariant that watches some of the events and ignores the others.
abstract class Watching implements WorldObserver {

    private final Judgement judgement;

    Watching(Judgement judgement) {
        this.judgement = judgement;
    }

    final Judgement judgement() {
        return judgement;
    }

    final World world() {
        return judgement.world();
    }

    final void violated(String what) {
        judgement.violated(this, what);
    }

    @Override
    public void acknowledged(PostgresServer server, Branch branch, long position) {}

    @Override
    public void becameWritable(PostgresServer server) {}

    @Override
    public void promoting(PostgresServer server, Branch branch, long position) {}

    @Override
    public void dataRemoved(PostgresServer server, DataDirectory data, String reason) {}

    @Override
    public void corrupted(PostgresServer standby, PostgresServer source) {}
}
