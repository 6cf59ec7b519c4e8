@NullMarked
package io.tamada.configuration;

import org.jspecify.annotations.NullMarked;
