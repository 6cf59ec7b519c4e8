package io.tamada.dcs.zookeeper;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Keeps the libraries' own log lines away, unless somebody has set a level for them: they report
/// each connection at length, and each refused one as an error.
final class LibraryNoise {

    /// Held here, because the logging system forgets loggers that nobody holds, with their level.
    private static final List<Logger> LIBRARIES =
            List.of(
                    Logger.getLogger("org.apache.zookeeper"),
                    Logger.getLogger("org.apache.curator"));

    private LibraryNoise() {}

    static void quieten() {
        for (Logger library : LIBRARIES) {
            if (library.getLevel() == null) {
                library.setLevel(Level.OFF);
            }
        }
    }
}
