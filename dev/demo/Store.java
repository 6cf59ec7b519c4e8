package demo;

import java.io.IOException;
import java.nio.file.Path;

/// Where the members keep what they agree on.
interface Store {

    /// The section of a member's configuration.
    ///
    /// @param member the member's index
    /// @param folder the member's own
    String section(int member, Path folder);

    /// Starts what doesn't live in the agents.
    void start() throws IOException;

    /// Ends what was started.
    void stop();
}
