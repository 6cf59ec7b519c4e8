package io.tamada.agent.doctor;

import io.tamada.pg.guard.LeaseGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The machine that this runs on.
public final class LinuxMachine implements Machine {

    private static final Pattern LIMIT =
            Pattern.compile("^(Max [a-z ]+?) {2,}\\S+ +(\\d+) .*$", Pattern.MULTILINE);

    @Override
    public OptionalLong usableBytes(Path path) {
        @Nullable Path there = path;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        try {
            return there == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(Files.getFileStore(there).getUsableSpace());
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public Map<String, Long> hardLimits() {
        Map<String, Long> limits = new HashMap<>();
        try {
            Matcher line = LIMIT.matcher(Files.readString(Path.of("/proc/self/limits")));
            while (line.find()) {
                limits.put(line.group(1), Long.valueOf(line.group(2)));
            }
        } catch (IOException | NumberFormatException e) {
            limits.clear();
        }
        return limits;
    }

    @Override
    public boolean hasLeaseGuard() {
        return LeaseGuard.isInstalled();
    }
}
