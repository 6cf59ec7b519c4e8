package io.tamada.configuration;

import io.tamada.ha.dcs.DcsProviders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A complete configuration, and readings of it.
public final class Configurations {

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

    private Configurations() {}

    public static LocalConfiguration read(Path directory, String yaml) {
        return read(directory, yaml, Map.of());
    }

    public static LocalConfiguration read(
            Path directory, String yaml, Map<String, String> environment) {
        return reader(write(directory, yaml), environment).read();
    }

    public static Path write(Path directory, String yaml) {
        try {
            return Files.writeString(directory.resolve("node.yml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ConfigurationReader reader(Path file, Map<String, String> environment) {
        return new ConfigurationReader(
                file, environment, DcsProviders.visibleTo(Configurations.class.getClassLoader()));
    }
}
