/// The agent: reads the configuration, checks what can be checked before anything is changed, and
/// wires one store, the PostgreSQL manager and the REST API into the engine. No failover logic
/// lives here.
@NullMarked
package io.tamada.agent;

import org.jspecify.annotations.NullMarked;
