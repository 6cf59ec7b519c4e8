package io.tamada.testkit;

import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How the long tasks of a [FakePostgres] go: asked once at the start of each.
@FunctionalInterface
public interface FakeWork {

    /// @param takes how long it takes in simulated time, also until it fails
    /// @param failure a sentence when it is to fail; null when it goes as the simulated world lets
    ///   it
    /// @param retry what a failure says about trying again
    record Course(Duration takes, @Nullable String failure, boolean retry) {

        public static Course of(Duration takes) {
            return new Course(takes, null, true);
        }

        public static Course failing(Duration takes, String failure) {
            return new Course(takes, failure, true);
        }
    }

    Course of(PostgresTask task);

    /// Nothing fails, and every kind of task takes its usual time.
    static FakeWork usual() {
        return task ->
                Course.of(
                        Duration.ofMillis(
                                switch (task) {
                                    case PostgresTask.Initialize _ -> 1000;
                                    case PostgresTask.FinishBootstrap _ -> 300;
                                    case PostgresTask.DiscardBootstrap _ -> 200;
                                    case PostgresTask.Clone _, PostgresTask.Reinitialize _ -> 2000;
                                    case PostgresTask.StartPrimary _, PostgresTask.StartStandby _ ->
                                            300;
                                    case PostgresTask.Stop _ -> 100;
                                    case PostgresTask.Restart _ -> 400;
                                    case PostgresTask.Promote _ -> 100;
                                    case PostgresTask.Rewind _ -> 1000;
                                    case PostgresTask.CrashRecovery _ -> 500;
                                    case PostgresTask.CopyLogicalSlots _ -> 500;
                                }));
    }
}
