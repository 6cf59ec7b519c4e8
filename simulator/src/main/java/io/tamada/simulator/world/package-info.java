/// The simulated world: machines, network, store, PostgreSQL servers and clients.
@NullMarked
package io.tamada.simulator.world;

import org.jspecify.annotations.NullMarked;
