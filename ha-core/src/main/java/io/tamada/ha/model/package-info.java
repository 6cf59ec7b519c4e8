/// Values of the domain: immutable, without behaviour that touches the world.
@NullMarked
package io.tamada.ha.model;

import org.jspecify.annotations.NullMarked;
