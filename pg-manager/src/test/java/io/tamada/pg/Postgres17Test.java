package io.tamada.pg;

import java.util.Map;

/// Everything that is tested on the machine's own PostgreSQL, on version 17.
class Postgres17Test extends RealPostgresTest {

    @Override
    Map<String, ?> version() {
        return UnpackedServer.settings(17);
    }
}
