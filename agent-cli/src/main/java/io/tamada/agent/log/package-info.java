/// The agent's log: lines in the form that tools around Patroni read, through a bounded queue, to
/// stderr or a rotating file.
@NullMarked
package io.tamada.agent.log;

import org.jspecify.annotations.NullMarked;
