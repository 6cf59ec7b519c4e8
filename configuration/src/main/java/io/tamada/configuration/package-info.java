/// The configuration: one catalogue of settings, from which reading, validation and the
/// environment's names follow.
@NullMarked
package io.tamada.configuration;

import org.jspecify.annotations.NullMarked;
