/// What goes wrong, and what operators do: as values that a seed draws.
@NullMarked
package io.tamada.simulator.fault;

import org.jspecify.annotations.NullMarked;
