package io.tamada.dcs.etcd;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/// The servers that a domain names for clients in its DNS records (SRV, RFC 2782).
///
/// @param domain whose records are asked for
/// @param suffix of the service's name where a domain has several; null for none
/// @param nameServer as `dns://host:port`; null for those of this machine
record ServiceRecords(String domain, @Nullable String suffix, @Nullable String nameServer) {

    /// Those with `ssl` are reached by TLS.
    private static final List<String> SERVICES =
            List.of("_etcd-client-ssl", "_etcd-client", "_etcd-ssl", "_etcd");

    private static final String PATIENCE_MILLIS = "1000";
    private static final String TRIES = "2";

    /// What was found.
    ///
    /// @param servers never empty
    record Found(List<Endpoint> servers, boolean encrypted) {}

    private record Target(int priority, Endpoint server) {}

    /// Asks for one service after the other until one has records. Takes a few seconds at most.
    ///
    /// @return null when there are none, or nobody answers
    @SuppressWarnings("JdkObsolete") // what JNDI takes
    @Nullable Found find() {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put("com.sun.jndi.dns.timeout.initial", PATIENCE_MILLIS);
        environment.put("com.sun.jndi.dns.timeout.retries", TRIES);
        environment.put(Context.PROVIDER_URL, nameServer == null ? "dns:" : nameServer);
        for (String service : SERVICES) {
            List<Endpoint> servers = targets(environment, service);
            if (!servers.isEmpty()) {
                return new Found(servers, service.endsWith("-ssl"));
            }
        }
        return null;
    }

    // Only text is asked for, of a name server, and none of it is made into objects.
    @SuppressWarnings("BanJNDI")
    private List<Endpoint> targets(Hashtable<String, String> environment, String service) {
        String name = service + (suffix == null ? "" : "-" + suffix) + "._tcp." + domain;
        List<Target> found = new ArrayList<>();
        try {
            DirContext context = new InitialDirContext(environment);
            try {
                Attribute records = context.getAttributes(name, new String[] {"SRV"}).get("SRV");
                NamingEnumeration<?> all = records == null ? null : records.getAll();
                while (all != null && all.hasMore()) {
                    add(found, String.valueOf(all.next()));
                }
            } finally {
                context.close();
            }
        } catch (NamingException e) {
            // No such service, or nobody who knows: the next one is asked for.
        }
        return found.stream()
                .sorted(Comparator.comparingInt(Target::priority))
                .map(Target::server)
                .distinct()
                .toList();
    }

    /// Reads `priority weight port target.`; what is anything else is left out.
    private static void add(List<Target> found, String text) {
        String[] parts = text.split(" ", -1);
        try {
            String host =
                    parts[3].endsWith(".")
                            ? parts[3].substring(0, parts[3].length() - 1)
                            : parts[3];
            found.add(
                    new Target(
                            Integer.parseInt(parts[0]),
                            Endpoint.parse(host + ":" + parts[2], Endpoint.STANDARD_PORT)));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            // Not what RFC 2782 describes.
        }
    }
}
