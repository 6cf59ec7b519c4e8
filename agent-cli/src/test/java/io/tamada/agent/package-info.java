@NullMarked
package io.tamada.agent;

import org.jspecify.annotations.NullMarked;
