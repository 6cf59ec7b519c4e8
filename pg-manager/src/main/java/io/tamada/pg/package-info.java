/// The local PostgreSQL: [PostgresManager] does what the engine orders, [PostgresSettings] says
/// how.
@NullMarked
package io.tamada.pg;

import org.jspecify.annotations.NullMarked;
