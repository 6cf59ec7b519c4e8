/// What tests of stores, of PostgreSQL control and of whole clusters are made of. Deterministic:
/// nothing here starts a thread or reads a clock of its own, unless its name says so.
@NullMarked
package io.tamada.testkit;

import org.jspecify.annotations.NullMarked;
