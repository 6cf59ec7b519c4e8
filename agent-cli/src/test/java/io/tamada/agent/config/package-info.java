@NullMarked
package io.tamada.agent.config;

import org.jspecify.annotations.NullMarked;
