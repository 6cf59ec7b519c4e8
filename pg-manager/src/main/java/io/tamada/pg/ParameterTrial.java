package io.tamada.pg;

import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Lets the installed server read parameters from a folder of their own before they are written
/// where it runs: no one else knows the names, words, units and ranges of its version and build.
final class ParameterTrial {

    private static final System.Logger LOG = System.getLogger(ParameterTrial.class.getName());

    /// The server tells all unknown names at once, then all wrong values; the rest is a reserve.
    private static final int ROUNDS_MAX = 5;

    /// The policy's own: they change in moments that must not wait for a program.
    private static final Set<String> NOT_TRIED =
            Set.of(Parameters.SYNCHRONOUS_STANDBY_NAMES, "hot_standby_feedback");

    /// They decide how the server words its objections, so it reads them after everything else.
    private static final Set<String> WORDING =
            Set.of("log_min_messages", "log_error_verbosity", "log_line_prefix", "log_destination");

    private final Binaries binaries;
    private final CommandRunner runner;
    private @Nullable Verdict last;

    private record Verdict(
            Map<String, String> asked, Map<String, String> accepted, List<String> problems) {}

    /// A file for the server to read.
    ///
    /// @param names the parameter that stands in each line
    private record Draft(String text, List<String> names) {}

    ParameterTrial(Binaries binaries, CommandRunner runner) {
        this.binaries = binaries;
        this.runner = runner;
    }

    /// The same parameters without what the server would refuse: numbers are moved into their
    /// range, everything else is left out. All of them when the server can't be asked.
    synchronized Parameters of(Parameters wanted) throws InterruptedException {
        Map<String, String> asked = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        asked.putAll(wanted.values());
        asked.keySet().removeAll(NOT_TRIED);
        Verdict verdict = last;
        if (verdict == null || !verdict.asked().equals(asked)) {
            verdict = ask(asked);
            last = verdict;
        }
        Map<String, String> values = new TreeMap<>(verdict.accepted());
        NOT_TRIED.forEach(name -> {
            String value = wanted.values().get(name);
            if (value != null) {
                values.put(name, value);
            }
        });
        List<String> problems = new ArrayList<>(wanted.problems());
        problems.addAll(verdict.problems());
        return new Parameters(values, wanted.raised(), problems);
    }

    private Verdict ask(Map<String, String> asked) throws InterruptedException {
        Map<String, String> accepted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        accepted.putAll(asked);
        List<String> problems = new ArrayList<>();
        try {
            for (int round = 0; round < ROUNDS_MAX; round++) {
                Draft draft = draft(accepted);
                List<ServerObjection> objections =
                        ServerObjection.parse(read(draft.text()), draft.names());
                boolean changed = false;
                for (ServerObjection objection : objections) {
                    changed |= heed(objection, accepted, problems);
                }
                if (!changed) {
                    break;
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Parameters can''t be tried: {0}", e.toString());
        }
        return new Verdict(asked, accepted, problems);
    }

    private static boolean heed(
            ServerObjection objection, Map<String, String> accepted, List<String> problems) {
        String name = objection.parameter();
        String value = accepted.get(name);
        String instead = objection.bound();
        if (instead == null) {
            instead = ControlledParameter.fallback(name);
        }
        if (value == null || value.equals(instead)) {
            return false;
        }
        if (instead == null) {
            accepted.remove(name);
        } else {
            accepted.put(name, instead);
        }
        problems.add(
                "postgresql.parameters."
                        + name
                        + ": "
                        + objection.sentence(value)
                        + (instead == null ? ": left out" : ": using " + instead));
        return true;
    }

    private static Draft draft(Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        List<String> names = new ArrayList<>();
        values.entrySet().stream()
                .sorted(Comparator.comparingInt(e -> rank(e.getKey())))
                .forEach(e -> {
                    String line = e.getKey() + " = " + ConfigFiles.quoted(e.getValue());
                    text.append(line).append('\n');
                    line.lines().forEach(_ -> names.add(e.getKey()));
                });
        return new Draft(text.toString(), names);
    }

    private static int rank(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return WORDING.contains(lower) || lower.startsWith("lc_") ? 1 : 0;
    }

    /// What the server says about a configuration.
    private String read(String text) throws IOException, InterruptedException {
        Path folder =
                Files.createTempDirectory(
                        "tamada-",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        Path conf = folder.resolve("postgresql.conf");
        try {
            AtomicFile.write(conf, text, AtomicFile.OWNER_ONLY);
            // Printing a parameter, it reads its configuration and starts nothing.
            CommandResult told =
                    runner.run(
                            Command.of(
                                            binaries.path("postgres"),
                                            "-C",
                                            "data_directory",
                                            "-D",
                                            folder.toString())
                                    .with("LC_ALL", "C"),
                            Binaries.QUICK);
            return told.err();
        } finally {
            Files.deleteIfExists(conf);
            Files.deleteIfExists(folder);
        }
    }
}
