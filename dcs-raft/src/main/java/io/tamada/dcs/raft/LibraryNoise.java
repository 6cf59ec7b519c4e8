package io.tamada.dcs.raft;

import java.util.logging.Level;
import java.util.logging.Logger;

/// Keeps the consensus library's own log lines away, unless somebody has set a level for them.
///
/// It reports each step of healthy life, and each refused connection as an error. What matters is
/// logged by this module.
final class LibraryNoise {

    /// Held here, because the logging system forgets loggers that nobody holds, with their level.
    private static final Logger LIBRARY = Logger.getLogger("com.alipay.sofa.jraft");

    private static final String OLD_CODE_WARNING = "com.google.protobuf.use_unsafe_pre22_gencode";

    private LibraryNoise() {}

    static void quieten() {
        if (LIBRARY.getLevel() == null) {
            LIBRARY.setLevel(Level.OFF);
        }
        // The warning is about messages from strangers; here only members' messages are parsed.
        if (System.getProperty(OLD_CODE_WARNING) == null) {
            System.setProperty(OLD_CODE_WARNING, "true");
        }
    }
}
