/// What the group agrees on: keys, sessions and time, as a pure function of the log.
@NullMarked
package io.tamada.dcs.raft.machine;

import org.jspecify.annotations.NullMarked;
