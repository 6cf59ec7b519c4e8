package io.tamada.agent.doctor;

import io.tamada.ha.model.HaTimings;
import io.tamada.ha.model.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is to stop PostgreSQL when the agent can't: the lease guard and the watchdog.
final class FencingCheck implements Check {

    private static final Set<String> OFF = Set.of("off", "false", "disable", "disabled");
    private static final Set<String> REQUIRED = Set.of("required", "require");
    private static final long MARGIN_SECONDS = 5;

    @Override
    public List<Diagnosis> examine(Patient patient) {
        List<Diagnosis> found = new ArrayList<>();
        guard(patient, found);
        String mode = word(patient.text("watchdog", "mode"));
        if (!OFF.contains(mode)) {
            device(patient, REQUIRED.contains(mode), found);
            margin(patient, REQUIRED.contains(mode), found);
        }
        return found;
    }

    private static String word(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }

    private static void guard(Patient patient, List<Diagnosis> found) {
        String mode = word(patient.text("lease_guard"));
        if (OFF.contains(mode) || patient.machine().hasLeaseGuard()) {
            return;
        }
        String what = "the program lease-guard is neither in libexec nor on the PATH";
        String remedy =
                "use a distribution that was built on this kind of machine with a C compiler, or set"
                        + " lease_guard: off";
        found.add(
                REQUIRED.contains(mode)
                        ? Diagnosis.problem(
                                "lease guard",
                                what,
                                "with lease_guard: required this member never becomes the leader",
                                remedy)
                        : Diagnosis.warning(
                                "lease guard",
                                what,
                                "when the agent is killed or frozen, its PostgreSQL goes on accepting writes"
                                        + " after another member has taken over",
                                remedy));
    }

    private static void device(Patient patient, boolean required, List<Diagnosis> found) {
        String given = patient.text("watchdog", "device");
        Path device = Path.of(given == null ? "/dev/watchdog" : given);
        boolean there = Files.exists(device);
        if (there ? Files.isWritable(device) : !required && given == null) {
            return;
        }
        String what =
                patient.named("watchdog", "device")
                        + ": "
                        + device
                        + (there ? " can't be written by this user" : " is not there");
        String remedy =
                there
                        ? "give it to this user with a udev rule"
                        : "load a driver (modprobe softdog), name another device, or set watchdog.mode: off";
        found.add(
                required
                        ? Diagnosis.problem(
                                "watchdog",
                                what,
                                "with watchdog.mode: required this member never becomes the leader",
                                remedy)
                        : Diagnosis.warning(
                                "watchdog",
                                what,
                                "a machine that hangs is not reset, and nobody is told",
                                remedy));
    }

    private static void margin(Patient patient, boolean required, List<Diagnosis> found) {
        if (!required && patient.text("watchdog", "safety_margin") == null) {
            return;
        }
        HaTimings timings = patient.cluster().timings();
        long ttl = timings.ttl().toSeconds();
        long margin =
                Values.integer(patient.text("watchdog", "safety_margin")).orElse(MARGIN_SECONDS);
        long timeout = margin == -1 ? ttl / 2 : ttl - margin;
        if (timeout < timings.loopWait().toSeconds()) {
            found.add(
                    Diagnosis.problem(
                            "watchdog",
                            patient.named("watchdog", "safety_margin")
                                    + ": leaves the watchdog "
                                    + timeout
                                    + " s of the ttl of "
                                    + ttl
                                    + " s, less than loop_wait",
                            "a healthy machine would be reset between two turns, so that the watchdog is not used",
                            "choose a smaller margin, or a longer ttl"));
        }
    }
}
