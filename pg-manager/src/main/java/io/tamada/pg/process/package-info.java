/// Processes as the operating system shows them: starting, signalling, watching, sockets. Internal.
@NullMarked
package io.tamada.pg.process;

import org.jspecify.annotations.NullMarked;
