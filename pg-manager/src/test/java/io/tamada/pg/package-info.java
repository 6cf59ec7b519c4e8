@NullMarked
package io.tamada.pg;

import org.jspecify.annotations.NullMarked;
