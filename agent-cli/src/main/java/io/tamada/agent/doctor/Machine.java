package io.tamada.agent.doctor;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/// What the operating system tells of itself.
public interface Machine {

    /// Bytes that this user may still write to the file system that a path is on or will be on;
    /// empty when that isn't known.
    OptionalLong usableBytes(Path path);

    /// The hard limits of this process, by the names that `/proc/self/limits` has for them; without
    /// those that are unlimited.
    Map<String, Long> hardLimits();

    /// Whether the program that fences PostgreSQL when the agent can't is there.
    boolean hasLeaseGuard();
}
