package io.tamada.ctl;

import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.dcs.StoreUrl;
import io.tamada.ha.model.ConfigDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A store given as `[scheme://][host][:port][/namespace]`. Which schemes there are, with their
/// ports and how their sections spell an address, the stores' providers tell.
///
/// @param section the store's section, which is also the scheme
/// @param namespace null when the URL has none
record DcsUrl(String section, StoreUrl form, HostPort address, @Nullable String namespace) {

    /// The schemes of the stores that there are.
    static SortedMap<String, StoreUrl> schemes(DcsProviders providers) {
        SortedMap<String, StoreUrl> schemes = new TreeMap<>();
        for (String section : providers.sections()) {
            providers.forSection(section).url().ifPresent(url -> schemes.put(section, url));
        }
        return schemes;
    }

    static DcsUrl parse(String text, SortedMap<String, StoreUrl> schemes) {
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
        String scheme = mark >= 0 ? text.substring(0, mark) : byPort(schemes, port);
        StoreUrl form = schemes.get(scheme);
        if (form == null) {
            throw new CtlError(
                    "Unknown dcs scheme: %s; stores that are installed and can be named by a URL: %s"
                            .formatted(scheme, schemes.keySet()));
        }
        String host = address.host().isEmpty() ? "localhost" : address.host();
        return new DcsUrl(
                scheme,
                form,
                new HostPort(host, port == 0 ? form.port() : port),
                path.isEmpty() ? null : path);
    }

    private static String byPort(SortedMap<String, StoreUrl> schemes, int port) {
        return first(schemes, url -> url.port() == port)
                .or(() -> first(schemes, StoreUrl::assumed))
                .orElseThrow(() ->
                        new CtlError(
                                "--dcs-url: give a scheme, as in STORE://host:port; stores that are installed"
                                        + " and can be named by a URL: "
                                        + schemes.keySet()));
    }

    private static Optional<String> first(
            SortedMap<String, StoreUrl> schemes, Predicate<StoreUrl> wanted) {
        return schemes.entrySet().stream()
                .filter(s -> wanted.test(s.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /// The configuration with this store in place of all others. Credentials and certificates that
    /// the file has for this kind of store stay.
    ///
    /// @param sections of all stores
    ConfigDocument applyTo(ConfigDocument document, List<String> sections) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>(document.root());
        Map<String, @Nullable Object> own = new LinkedHashMap<>(document.section(section).root());
        sections.forEach(root::remove);
        form.replaced().forEach(own::remove);
        Object where = form.portKey() == null ? address.toString() : address.host();
        own.put(form.key(), form.list() ? List.of(where) : where);
        if (form.portKey() != null) {
            own.put(form.portKey(), (long) address.port());
        }
        root.put(section, own);
        if (namespace != null) {
            root.put("namespace", namespace);
        }
        return ConfigDocument.of(root);
    }
}
