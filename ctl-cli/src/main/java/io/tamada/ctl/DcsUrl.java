package io.tamada.ctl;

import io.tamada.ha.model.ConfigDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A store given as `[scheme://][host][:port][/namespace]`. Which schemes there are, with their
/// ports and how their sections spell an address, is data: the resource `dcs-url-schemes`.
///
/// @param namespace null when the URL has none
record DcsUrl(Scheme scheme, HostPort address, @Nullable String namespace) {

    /// @param name also the section's name
    /// @param form how the section spells an address
    /// @param isFallback what is meant when a URL gives neither a scheme nor a port that is known
    record Scheme(String name, int port, Form form, boolean isFallback) {}

    enum Form {
        /// `host: 'h:p'`
        HOST,
        /// `hosts: ['h:p']`
        HOSTS,
        /// `hosts: ['h']` and `port: p`
        HOSTS_AND_PORT
    }

    /// Settings of a section that say where the store is: a URL replaces them all.
    private static final List<String> ADDRESSES =
            List.of(
                    "host",
                    "hosts",
                    "port",
                    "url",
                    "proxy",
                    "srv",
                    "srv_suffix",
                    "discovery_srv",
                    "srv_domain");

    private static final String RESOURCE = "dcs-url-schemes";

    static DcsUrl parse(String text) {
        List<Scheme> schemes = schemes();
        int mark = text.indexOf("://");
        String rest = mark < 0 ? text : text.substring(mark + 3);
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "" : rest.substring(slash).replaceAll("/+$", "");
        HostPort address = HostPort.ofAuthority(authority, 0);
        if (address == null) {
            throw new CtlError("--dcs-url: '%s' has no valid port".formatted(text));
        }
        int port = address.port();
        Scheme scheme =
                mark >= 0
                        ? named(schemes, text.substring(0, mark))
                        : schemes.stream()
                                .filter(s -> s.port() == port)
                                .findFirst()
                                .orElseGet(() -> fallback(schemes));
        String host = address.host().isEmpty() ? "localhost" : address.host();
        return new DcsUrl(
                scheme,
                new HostPort(host, port == 0 ? scheme.port() : port),
                path.isEmpty() ? null : path);
    }

    private static Scheme fallback(List<Scheme> schemes) {
        return schemes.stream().filter(Scheme::isFallback).findFirst().orElse(schemes.getFirst());
    }

    private static Scheme named(List<Scheme> schemes, String name) {
        return schemes.stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CtlError("Unknown dcs scheme: " + name));
    }

    /// The configuration with this store in place of those that a URL can name. Credentials and
    /// certificates that the file has for this kind of store stay.
    ConfigDocument applyTo(ConfigDocument document) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>(document.root());
        Map<String, @Nullable Object> section =
                new LinkedHashMap<>(document.section(scheme.name()).root());
        schemes().forEach(s -> root.remove(s.name()));
        ADDRESSES.forEach(section::remove);
        switch (scheme.form()) {
            case HOST -> section.put("host", address.toString());
            case HOSTS -> section.put("hosts", List.of(address.toString()));
            case HOSTS_AND_PORT -> {
                section.put("hosts", List.of(address.host()));
                section.put("port", address.port());
            }
        }
        root.put(scheme.name(), section);
        if (namespace != null) {
            root.put("namespace", namespace);
        }
        return ConfigDocument.of(root);
    }

    private static List<Scheme> schemes() {
        try (InputStream in = DcsUrl.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + RESOURCE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.isBlank() && !l.startsWith("#"))
                    .map(DcsUrl::scheme)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Scheme scheme(String line) {
        List<String> parts = Stream.of(line.split("\\s+", -1)).toList();
        return new Scheme(
                parts.get(0),
                Integer.parseInt(parts.get(1)),
                Form.valueOf(parts.get(2)),
                parts.size() > 3);
    }
}
