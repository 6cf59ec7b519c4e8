/// The machinery that looks, decides, acts and records. Not exported.
@NullMarked
package io.tamada.ha.runtime;

import org.jspecify.annotations.NullMarked;
