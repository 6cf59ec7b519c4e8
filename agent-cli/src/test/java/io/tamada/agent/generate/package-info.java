@NullMarked
package io.tamada.agent.generate;

import org.jspecify.annotations.NullMarked;
