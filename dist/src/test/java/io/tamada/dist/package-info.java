/// Tests that look at all modules together: their list, their arrows, their services, their
/// tidiness.
@NullMarked
package io.tamada.dist;

import org.jspecify.annotations.NullMarked;
