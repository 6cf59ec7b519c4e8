package io.tamada.configuration;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A port and the hosts that it belongs to, as in `10.0.0.1:5432` or `10.0.0.1,[::1]:5432`.
///
/// @param hosts without brackets; empty, or with `*`, for all addresses of the machine
public record HostPort(List<String> hosts, int port) {

    public HostPort {
        hosts = List.copyOf(hosts);
    }

    /// Reads the common notation.
    ///
    /// @param standardPort for text without a port; null when a port must be there
    /// @return empty when the text is something else
    public static Optional<HostPort> parse(String text, @Nullable Integer standardPort) {
        String trimmed = text.strip();
        int colon = trimmed.lastIndexOf(':');
        boolean colonIsInAddress =
                colon >= 0
                        && (trimmed.indexOf(']', colon) >= 0
                                || (trimmed.indexOf('[') < 0
                                        && trimmed.indexOf(':') != colon
                                        && !trimmed.contains(",")));
        if (colon < 0 || colonIsInAddress) {
            return standardPort == null || trimmed.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new HostPort(hosts(trimmed), standardPort));
        }
        try {
            int port = Integer.parseInt(trimmed.substring(colon + 1).strip());
            List<String> hosts = hosts(trimmed.substring(0, colon));
            boolean clean =
                    hosts.stream()
                            .noneMatch(h ->
                                    h.chars().anyMatch(c -> Character.isWhitespace(c) || c == '/'));
            return clean && port >= 1 && port <= 65535
                    ? Optional.of(new HostPort(hosts, port))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// True when it stands for all addresses of the machine.
    public boolean isWildcard() {
        return hosts.isEmpty()
                || hosts.stream()
                        .anyMatch(h -> h.equals("*") || h.equals("0.0.0.0") || h.equals("::"));
    }

    private static List<String> hosts(String text) {
        return Arrays.stream(text.split(","))
                .map(host -> host.strip().replaceAll("^\\[(.*)]$", "$1"))
                .filter(host -> !host.isEmpty())
                .toList();
    }
}
