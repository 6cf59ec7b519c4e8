/// Tests with whole clusters of the unpacked distribution, as users have them: several agents, real
/// PostgreSQL, and what stands before them.
@NullMarked
package io.tamada.dist.cluster;

import org.jspecify.annotations.NullMarked;
