package io.tamada.ha.dcs;

/// A standing wish to be told. Closing it ends it; closing twice does no harm.
public interface Subscription extends AutoCloseable {

    @Override
    void close();
}
