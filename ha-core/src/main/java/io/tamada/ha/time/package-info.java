/// Time as an input, of two kinds: elapsed for leases and timeouts, wall for people and schedules.
@NullMarked
package io.tamada.ha.time;

import org.jspecify.annotations.NullMarked;
