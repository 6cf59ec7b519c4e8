/// The store embedded in the agents themselves: no external service is needed.
///
/// [RaftProvider] opens it from the `raft` section, [VoterMain] runs a node that has a vote and
/// nothing else.
@NullMarked
package io.tamada.dcs.raft;

import org.jspecify.annotations.NullMarked;
