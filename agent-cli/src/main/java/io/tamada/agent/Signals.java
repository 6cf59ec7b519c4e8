package io.tamada.agent;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/// What the operating system asks of this process: stop (TERM, INT) or reload (HUP).
///
/// The JVM's own way, a shutdown hook, can't tell HUP from TERM and ends the process with a code
/// other than 0 after a stop that went well; `sun.misc.Signal` of the module `jdk.unsupported` is
/// what the JDK itself keeps for this. It is called by reflection, for the compiler has a warning
/// about it that can't be switched off.
final class Signals {

    private Signals() {}

    /// Calls these from a thread of the JVM's own whenever a signal arrives; they must return at
    /// once.
    ///
    /// @param stop gets the signal's name
    /// @return false when this JVM can't: signals then do what they do by default
    static boolean handle(Consumer<String> stop, Runnable reload) {
        try {
            on("TERM", () -> stop.accept("TERM"));
            on("INT", () -> stop.accept("INT"));
            on("HUP", reload);
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /// A proxy is equal to nothing but itself.
    @SuppressWarnings("ReferenceEquality")
    private static void on(String name, Runnable action) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        InvocationHandler calls =
                (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "handle" -> {
                                action.run();
                                yield null;
                            }
                            case "equals" -> proxy == arguments[0];
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> name;
                        };
        Object proxy =
                Proxy.newProxyInstance(
                        Signals.class.getClassLoader(), new Class<?>[] {handler}, calls);
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    }
}
