package io.tamada.pg;

import java.util.Map;

/// The contract on PostgreSQL 13, the first version that takes a new source without a restart.
class Postgres13Test extends PostgresManagerContractTest {

    @Override
    Map<String, ?> version() {
        return UnpackedServer.settings(13);
    }
}
