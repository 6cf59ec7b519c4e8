/// What the engine needs from the world around it: PostgreSQL, peers, time, threads.
@NullMarked
package io.tamada.ha.port;

import org.jspecify.annotations.NullMarked;
