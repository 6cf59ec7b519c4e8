package io.tamada.dcs.zookeeper;

import io.tamada.ha.model.ConfigDocument;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.X509Util;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.jspecify.annotations.Nullable;

/// A section of ours, checked.
///
/// @param servers the configured ones
/// @param acls of every node that is created
/// @param tls null without TLS
record ZooKeeperSettings(
        List<InetSocketAddress> servers, List<ACL> acls, List<Auth> auths, @Nullable TlsFiles tls) {

    static final int PORT = 2181;

    private static final Map<String, Integer> PERMISSIONS =
            Map.of(
                    "CREATE", ZooDefs.Perms.CREATE,
                    "READ", ZooDefs.Perms.READ,
                    "WRITE", ZooDefs.Perms.WRITE,
                    "DELETE", ZooDefs.Perms.DELETE,
                    "ADMIN", ZooDefs.Perms.ADMIN,
                    "ALL", ZooDefs.Perms.ALL);

    ZooKeeperSettings {
        servers = List.copyOf(servers);
        acls = List.copyOf(acls);
        auths = List.copyOf(auths);
    }

    /// Proof of who we are, for instance `digest` and `user:password`.
    record Auth(String scheme, String credential) {
        @Override
        public String toString() {
            return "Auth[scheme=" + scheme + "]";
        }
    }

    /// Reads a section.
    ///
    /// @param name of the section
    /// @throws IllegalArgumentException for a wrong setting: its name, its value, what is allowed
    static ZooKeeperSettings of(String name, ConfigDocument section) {
        Reader reader = new Reader(name, section);
        return new ZooKeeperSettings(
                reader.servers(), reader.acls(), reader.auths(), TlsFiles.of(name, section));
    }

    /// Reads a section that doesn't say itself which servers there are.
    static ZooKeeperSettings withoutServers(String name, ConfigDocument section) {
        Reader reader = new Reader(name, section);
        return new ZooKeeperSettings(
                List.of(), reader.acls(), reader.auths(), TlsFiles.of(name, section));
    }

    ZKClientConfig clientConfig() {
        ZKClientConfig config = new ZKClientConfig();
        boolean login = System.getProperty("java.security.auth.login.config") != null;
        // A name looked up in reverse costs time, and without a login nobody needs it.
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, Boolean.toString(login));
        if (login && config.getProperty(X509Util.FIPS_MODE_PROPERTY) == null) {
            // The library's standard forbids logins by name and password.
            config.setProperty(X509Util.FIPS_MODE_PROPERTY, "false");
        }
        if (tls != null) {
            tls.configure(config);
        }
        return config;
    }

    /// The servers as the library wants them.
    static String connectString(List<InetSocketAddress> servers) {
        return String.join(
                ",",
                servers.stream()
                        .map(s -> bracketed(s.getHostString()) + ":" + s.getPort())
                        .toList());
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private record Reader(String name, ConfigDocument section) {

        IllegalArgumentException wrong(String key, String problem) {
            return new IllegalArgumentException(name + "." + key + ": " + problem);
        }

        List<InetSocketAddress> servers() {
            List<?> parts =
                    switch (section.at("hosts")) {
                        case null -> List.of();
                        case List<?> list -> list;
                        case Object text -> List.of(String.valueOf(text).split(","));
                    };
            List<InetSocketAddress> servers = new ArrayList<>();
            for (Object part : parts) {
                String text = String.valueOf(part).strip();
                if (!text.isEmpty()) {
                    servers.add(server(text));
                }
            }
            if (servers.isEmpty()) {
                throw wrong("hosts", "is missing: give one server or several, as host:port");
            }
            return servers;
        }

        private InetSocketAddress server(String text) {
            int colon = text.lastIndexOf(':');
            boolean port = colon >= 0 && text.indexOf(']') < colon && !isBareIpv6(text);
            String host = port ? text.substring(0, colon) : text;
            host = host.startsWith("[") ? host.replaceAll("[\\[\\]]", "") : host;
            try {
                int number = port ? Integer.parseInt(text.substring(colon + 1)) : PORT;
                if (host.isBlank() || number < 1) {
                    throw new NumberFormatException();
                }
                return InetSocketAddress.createUnresolved(host, number);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        name + ".hosts: '" + text + "' is not host:port", e);
            }
        }

        private static boolean isBareIpv6(String text) {
            return !text.startsWith("[") && text.indexOf(':') != text.lastIndexOf(':');
        }

        List<Auth> auths() {
            List<Auth> auths = new ArrayList<>();
            mapping("auth_data", "of schemes to credentials, like digest: 'user:password'")
                    .forEach((scheme, credential) ->
                            auths.add(new Auth(scheme, String.valueOf(credential))));
            return auths;
        }

        List<ACL> acls() {
            List<ACL> acls = new ArrayList<>();
            mapping("set_acls", "of principals to lists of permissions")
                    .forEach((principal, permissions) -> acls.add(acl(principal, permissions)));
            return acls.isEmpty() ? ZooDefs.Ids.OPEN_ACL_UNSAFE : acls;
        }

        private ACL acl(String principal, @Nullable Object permissions) {
            int bits = 0;
            List<?> words =
                    permissions instanceof List<?> list
                            ? list
                            : List.of(String.valueOf(permissions).split(","));
            for (Object word : words) {
                String text = String.valueOf(word).strip();
                Integer bit = PERMISSIONS.get(text.toUpperCase(Locale.ROOT));
                if (bit == null) {
                    throw wrong(
                            "set_acls." + principal,
                            "'"
                                    + text
                                    + "' is no permission: CREATE, READ, WRITE, DELETE, ADMIN or ALL");
                }
                bits |= bit;
            }
            int colon = principal.indexOf(':');
            return colon < 0
                    ? new ACL(bits, new Id("x509", principal))
                    : new ACL(
                            bits,
                            new Id(principal.substring(0, colon), principal.substring(colon + 1)));
        }

        private Map<String, @Nullable Object> mapping(String key, String meaning) {
            return switch (section.at(key)) {
                case null -> Map.of();
                case Map<?, ?> _ -> section.section(key).root();
                default -> throw wrong(key, "must be a mapping " + meaning);
            };
        }
    }
}
