/// `tamadactl`: what an operator asks of a running cluster, from a shell.
@NullMarked
package io.tamada.ctl;

import org.jspecify.annotations.NullMarked;
