/// The HTTP surface of a member: health checks, control, status and metrics, and the client that
/// members ask each other with.
module io.tamada.rest {
    requires io.tamada.dcs;
    requires java.net.http;
    requires jdk.httpserver;
    requires transitive io.tamada.ha;
    requires static org.jspecify;

    exports io.tamada.rest;
}
