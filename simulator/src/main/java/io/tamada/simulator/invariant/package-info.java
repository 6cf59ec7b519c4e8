/// What must hold at every instant, each as a class that watches the world.
@NullMarked
package io.tamada.simulator.invariant;

import org.jspecify.annotations.NullMarked;
