/// The production engine under simulated time, store, network and PostgreSQL.
@NullMarked
package io.tamada.simulator;

import org.jspecify.annotations.NullMarked;
