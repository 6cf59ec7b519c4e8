package demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Lets one member of a small cluster write down which classes it needs, so that later starts find them ready.
public final class Record {

    private static final int ATTEMPTS = 600;

    private Record() {}

    /// @param arguments an empty folder, that of the distribution, that of PostgreSQL's programs, the file to write
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        Cluster cluster = Cluster.embedded(folder, Path.of(arguments[1]), Path.of(arguments[2]), 3, false);
        Member recorded = cluster.members().getFirst();
        try {
            for (Member member : cluster.members()) {
                member.start(member == recorded ? "-XX:AOTCacheOutput=" + arguments[3] : "");
            }
            for (int i = 0; i < ATTEMPTS && cluster.streaming() < 2; i++) {
                Thread.sleep(50);
            }
            cluster.ctl("list");
            recorded.terminate();
            recorded.awaitEnd(60);
        } finally {
            cluster.stop();
        }
        System.exit(Files.exists(Path.of(arguments[3])) ? 0 : 1);
    }
}
