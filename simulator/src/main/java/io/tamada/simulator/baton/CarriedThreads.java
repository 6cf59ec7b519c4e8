package io.tamada.simulator.baton;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;

/// Makes virtual threads whose continuations go to an executor of our own.
///
/// The JDK has this ability but no public door to it, hence `--add-opens
/// java.base/java.lang=ALL-UNNAMED`, which the launcher and the tests give. Only the simulator
/// needs it.
final class CarriedThreads {

    private static final Constructor<?> BUILDER = builder();

    private CarriedThreads() {}

    private static Constructor<?> builder() {
        try {
            Constructor<?> constructor =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            constructor.setAccessible(true);
            return constructor;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "the simulator needs a JDK 25 started with --add-opens java.base/java.lang=ALL-UNNAMED",
                    e);
        }
    }

    static Thread unstarted(Executor carrier, String name, Runnable body) {
        try {
            Thread.Builder builder = (Thread.Builder) BUILDER.newInstance(carrier);
            return builder.name(name).unstarted(body);
        } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
