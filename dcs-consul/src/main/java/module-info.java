/// The store on Consul.
module io.tamada.dcs.consul {
    requires static org.jspecify;
    requires io.tamada.dcs;
    requires java.net.http;

    provides io.tamada.ha.dcs.DcsProvider with
            io.tamada.dcs.consul.ConsulProvider;
}
