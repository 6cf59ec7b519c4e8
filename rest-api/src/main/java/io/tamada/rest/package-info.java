/// The REST interface: [RestServer] answers, [HttpPeerClient] asks.
@NullMarked
package io.tamada.rest;

import org.jspecify.annotations.NullMarked;
