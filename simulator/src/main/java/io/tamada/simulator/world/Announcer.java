package io.tamada.simulator.world;

import java.util.List;

/// Tells all observers.
record Announcer(List<WorldObserver> observers) implements WorldObserver {

    @Override
    public void acknowledged(PostgresServer server, Branch branch, long position) {
        observers.forEach(o -> o.acknowledged(server, branch, position));
    }

    @Override
    public void becameWritable(PostgresServer server) {
        observers.forEach(o -> o.becameWritable(server));
    }

    @Override
    public void promoting(PostgresServer server, Branch branch, long position) {
        observers.forEach(o -> o.promoting(server, branch, position));
    }

    @Override
    public void dataRemoved(PostgresServer server, DataDirectory data, String reason) {
        observers.forEach(o -> o.dataRemoved(server, data, reason));
    }

    @Override
    public void corrupted(PostgresServer standby, PostgresServer source) {
        observers.forEach(o -> o.corrupted(standby, source));
    }
}
