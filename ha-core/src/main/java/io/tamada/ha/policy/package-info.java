/// The failover policy: a pure function from what was seen to what to do.
@NullMarked
package io.tamada.ha.policy;

import org.jspecify.annotations.NullMarked;
