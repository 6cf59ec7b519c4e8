/// Writes configurations: a template, and one made from a running PostgreSQL.
@NullMarked
package io.tamada.agent.generate;

import org.jspecify.annotations.NullMarked;
