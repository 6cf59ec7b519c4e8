package io.tamada.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A member's configuration with [ShelfProvider]'s store.
public final class ShelfConfiguration {

    /// Has no fault. Every password begins with `open-sesame-`.
    public static final String COMPLETE =
            """
            scope: demo
            name: node1
            shelf:
              host: 10.0.0.9
              password: open-sesame-shelf
            restapi:
              listen: 10.0.0.1:8008
              connect_address: 10.0.0.1:8008
              authentication: {username: admin, password: open-sesame-rest}
            bootstrap:
              dcs:
                ttl: 30
                loop_wait: 10
                retry_timeout: 10
                postgresql: {use_pg_rewind: true}
              initdb: [data-checksums, {encoding: UTF8}]
            postgresql:
              listen: 10.0.0.1:5432
              connect_address: 10.0.0.1:5432
              data_dir: /srv/pg/data
              bin_dir: /usr/lib/postgresql/17/bin
              authentication:
                superuser: {username: postgres, password: open-sesame-super}
                replication: {username: replicator, password: open-sesame-repl}
              parameters:
                shared_buffers: 16MB
            tags:
              failover_priority: 2
            """;

    private ShelfConfiguration() {}

    /// Writes a configuration to a file.
    ///
    /// @return the file
    public static Path write(Path directory, String yaml) {
        try {
            return Files.writeString(directory.resolve("node.yml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
