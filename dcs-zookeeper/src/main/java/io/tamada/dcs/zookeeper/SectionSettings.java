package io.tamada.dcs.zookeeper;

import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.dcs.StoreSetting.Kind;
import java.util.List;

/// The settings of a section of ours, for validation and documentation.
final class SectionSettings {

    static final List<StoreSetting> DESCRIBED =
            List.of(
                    StoreSetting.of(
                                    "hosts",
                                    Kind.LIST,
                                    "The servers, each as host or host:port; standard port: 2181.")
                            .asRequired(),
                    StoreSetting.of("use_ssl", Kind.FLAG, "Whether connections are encrypted.")
                            .or("false"),
                    StoreSetting.of(
                            "cacert",
                            Kind.TEXT,
                            "Authorities that sign the servers' certificates; standard: those of the Java runtime."),
                    StoreSetting.of("cert", Kind.TEXT, "Our certificate in PEM."),
                    StoreSetting.of("key", Kind.TEXT, "Its key in PEM; standard: in cert."),
                    StoreSetting.of("key_password", Kind.TEXT, "Password of the key.").asSecret(),
                    StoreSetting.of(
                                    "verify",
                                    Kind.FLAG,
                                    "Whether a server's certificate has to bear its name.")
                            .or("true"),
                    StoreSetting.of(
                            "set_acls",
                            Kind.MAPPING,
                            "Who may do what with our nodes: principals, each with a list of CREATE, READ, WRITE, DELETE, ADMIN, ALL."),
                    StoreSetting.of(
                                    "auth_data",
                                    Kind.MAPPING,
                                    "How we prove who we are: schemes, each with its credential.")
                            .asSecret());

    private SectionSettings() {}
}
