/// Real threads that run one at a time under virtual time, chosen by a seed.
@NullMarked
package io.tamada.simulator.baton;

import org.jspecify.annotations.NullMarked;
