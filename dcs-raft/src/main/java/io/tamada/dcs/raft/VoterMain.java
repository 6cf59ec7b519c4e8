package io.tamada.dcs.raft;

import io.tamada.dcs.raft.wire.Address;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.time.SystemTime;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/// `tamada-raft-voter CONFIG.yml`: a node of the group that runs no PostgreSQL, so that two members
/// and it have a majority when one of them is lost.
///
/// Reads the `raft` section of the file and nothing else. Ends with code 0 on SIGTERM or SIGINT,
/// with 1 and one line on standard error when it cannot start.
public final class VoterMain {

    private static final String USAGE = "usage: tamada-raft-voter CONFIG.yml";

    private VoterMain() {}

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"))) {
            System.out.println(USAGE);
            return;
        }
        if (args.length == 1 && args[0].equals("--version")) {
            String version = VoterMain.class.getPackage().getImplementationVersion();
            System.out.println(
                    "tamada-raft-voter " + (version == null ? "(built from source)" : version));
            return;
        }
        RaftNode node = started(args, System.err);
        if (node == null) {
            System.exit(1);
            return;
        }
        // A signal ends the JVM with its own code; an orderly stop is a success.
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            node.close();
                            Runtime.getRuntime().halt(0);
                        }));
        System.out.println("raft voter " + node.self() + " runs");
        new CountDownLatch(1).await();
    }

    /// The running node; null when it could not be started, and `errors` says why in one line.
    static @Nullable RaftNode started(String[] args, PrintStream errors) {
        try {
            if (args.length != 1) {
                throw new IllegalArgumentException(USAGE);
            }
            RaftSettings settings = RaftSettings.of(section(Path.of(args[0])));
            Address self = settings.self();
            if (self == null) {
                throw new IllegalArgumentException(
                        "raft.self_addr is missing: where the other members reach this voter");
            }
            return RaftNode.open(settings, RaftProvider.network(settings), new SystemTime());
        } catch (IllegalArgumentException e) {
            errors.println(
                    "tamada-raft-voter: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            return null;
        }
    }

    private static ConfigDocument section(Path file) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(20);
        options.setAllowDuplicateKeys(false);
        try (Reader reader = Files.newBufferedReader(file)) {
            Object root = new Yaml(new SafeConstructor(options)).load(reader);
            if (root instanceof Map<?, ?> map && map.get("raft") instanceof Map<?, ?> raft) {
                ConfigDocument section = ConfigDocument.of(Map.of("raft", raft)).section("raft");
                return section;
            }
            throw new IllegalArgumentException(file + " has no section 'raft'");
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file + ": " + e, e);
        } catch (MarkedYAMLException e) {
            String place =
                    e.getProblemMark() == null
                            ? ""
                            : ":"
                                    + (e.getProblemMark().getLine() + 1)
                                    + ":"
                                    + (e.getProblemMark().getColumn() + 1);
            throw new IllegalArgumentException(file + place + ": " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }
}
