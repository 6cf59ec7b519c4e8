/// What stops the server or the machine when the agent can't: the lease guard, and `/dev/watchdog`.
@NullMarked
package io.tamada.pg.guard;

import org.jspecify.annotations.NullMarked;
