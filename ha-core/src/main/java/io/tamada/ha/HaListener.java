package io.tamada.ha;

/// Is told of events, in order, on the engine's thread: must return at once. What it throws is
/// logged and ignored.
@FunctionalInterface
public interface HaListener {

    void on(HaEvent event);
}
