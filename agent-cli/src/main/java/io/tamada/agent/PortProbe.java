package io.tamada.agent;

import io.tamada.configuration.HostPort;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/// Finds out whether a port can be listened on, by doing so for a moment.
final class PortProbe {

    private PortProbe() {}

    /// Why it can't; empty when it can.
    static Optional<String> problem(HostPort address) {
        List<String> hosts = address.isWildcard() ? List.of("") : address.hosts();
        for (String host : hosts) {
            try {
                InetSocketAddress here =
                        host.isEmpty()
                                ? new InetSocketAddress(address.port())
                                : new InetSocketAddress(
                                        InetAddress.getByName(host), address.port());
                try (ServerSocket probe = new ServerSocket()) {
                    probe.setReuseAddress(true);
                    probe.bind(here, 1);
                }
            } catch (UnknownHostException e) {
                return Optional.of(
                        "the host name '"
                                + host
                                + "' is not known; give an address of this machine");
            } catch (BindException e) {
                return Optional.of(bindProblem(host, address.port(), e));
            } catch (IOException | IllegalArgumentException e) {
                return Optional.of(
                        "can't listen on '"
                                + host
                                + "' port "
                                + address.port()
                                + ": "
                                + e.getMessage());
            }
        }
        return Optional.empty();
    }

    private static String bindProblem(String host, int port, BindException e) {
        String reason = String.valueOf(e.getMessage());
        if (reason.contains("in use")) {
            return "port "
                    + port
                    + " is in use; stop what listens there (see: ss -ltnp) or choose another port";
        }
        if (reason.contains("assign")) {
            return "'"
                    + host
                    + "' is not an address of this machine; give one of those that `ip address` shows";
        }
        return "can't listen on port "
                + port
                + ": "
                + reason
                + (port < 1024 ? "; choose one of at least 1024" : "");
    }
}
