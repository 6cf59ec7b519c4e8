/// The front door for embedders: build an agent, start it, look at it, ask something of it.
@NullMarked
package io.tamada.ha;

import org.jspecify.annotations.NullMarked;
