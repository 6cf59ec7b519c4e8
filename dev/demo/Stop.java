package demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Ends a cluster that the demo left running.
public final class Stop {

    private Stop() {}

    /// @param arguments the cluster's folder
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        List<Member> members;
        try (Stream<Path> entries = Files.list(folder)) {
            members = entries.filter(each -> Files.exists(each.resolve("agent.pid")))
                    .map(each -> new Member(each.getFileName().toString(), each, each, Host.LOOPBACK, 0, 0))
                    .toList();
        }
        members.forEach(Member::terminate);
        members.forEach(member -> member.awaitEnd(15));
        EmbeddedStore.stop(folder);
    }
}
