/// What `tamada doctor` looks at before anything is started, and how it explains what it finds.
@NullMarked
package io.tamada.agent.doctor;

import org.jspecify.annotations.NullMarked;
