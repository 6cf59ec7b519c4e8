/// The log on disk: segment files that survive a crash at any moment.
@NullMarked
package io.tamada.dcs.raft.log;

import org.jspecify.annotations.NullMarked;
