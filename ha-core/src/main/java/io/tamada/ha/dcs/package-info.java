/// The contract of a configuration store, and the arithmetic of the leader lease.
@NullMarked
package io.tamada.ha.dcs;

import org.jspecify.annotations.NullMarked;
