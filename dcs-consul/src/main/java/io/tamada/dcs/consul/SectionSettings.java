package io.tamada.dcs.consul;

import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.dcs.StoreSetting.Kind;
import java.util.List;

/// The settings of the section, for validation and documentation.
final class SectionSettings {

    static final List<StoreSetting> DESCRIBED =
            List.of(
                    StoreSetting.of(
                                    "host",
                                    Kind.TEXT,
                                    "The agent of Consul to use, as host or host:port.")
                            .or("127.0.0.1:8500"),
                    StoreSetting.of("port", Kind.PORT, "Its port, where host has none.").or("8500"),
                    StoreSetting.choice(
                                    "scheme",
                                    List.of("http", "https"),
                                    "Whether connections are encrypted.")
                            .or("http"),
                    StoreSetting.of(
                            "url",
                            Kind.TEXT,
                            "The agent as a URL, instead of host, port and scheme."),
                    StoreSetting.of(
                                    "token",
                                    Kind.TEXT,
                                    "Of an access list that allows to write our keys, sessions and, with register_service, the service.")
                            .asSecret()
                            .asReloadable(),
                    StoreSetting.of(
                                    "verify",
                                    Kind.FLAG,
                                    "Whether the agent's certificate is looked at.")
                            .or("true"),
                    StoreSetting.of(
                            "cacert",
                            Kind.TEXT,
                            "Authorities that sign the agent's certificate; standard: those of the Java runtime."),
                    StoreSetting.of("cert", Kind.TEXT, "Our certificate in PEM."),
                    StoreSetting.of(
                            "key", Kind.TEXT, "Its key in PEM, not encrypted; standard: in cert."),
                    StoreSetting.of("dc", Kind.TEXT, "The datacenter; standard: the agent's own."),
                    StoreSetting.choice(
                                    "consistency",
                                    List.of("default", "consistent", "stale"),
                                    "How the cluster is read. Whether we lead is always looked at consistently.")
                            .or("consistent"),
                    StoreSetting.of(
                            "checks",
                            Kind.LIST,
                            "Health checks of the agent's node that end our session when they fail, for instance serfHealth; standard: none."),
                    StoreSetting.of(
                                    "register_service",
                                    Kind.FLAG,
                                    "Whether each member is registered as a service named after the scope, with its role as a tag.")
                            .or("false"),
                    StoreSetting.of("service_tags", Kind.LIST, "More tags of the service."),
                    StoreSetting.of(
                                    "service_check_interval",
                                    Kind.TEXT,
                                    "How often Consul asks the member's REST API for its health, as 5s or 1m.")
                            .or("5s"),
                    StoreSetting.of(
                            "service_check_tls_server_name",
                            Kind.TEXT,
                            "The name that the REST API's certificate has to bear in these checks."));

    private SectionSettings() {}
}
