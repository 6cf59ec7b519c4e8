/// The members' network: authenticated, encrypted, bounded frames over TCP, and the consensus
/// library's remote calls on top.
@NullMarked
package io.tamada.dcs.raft.wire;

import org.jspecify.annotations.NullMarked;
