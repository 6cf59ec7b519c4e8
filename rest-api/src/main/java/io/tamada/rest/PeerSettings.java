package io.tamada.rest;

import io.tamada.ha.model.ConfigDocument;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How this member shows itself to its peers, and what it asks of their certificates.
///
/// @param credentials null for none
/// @param certfile this member's certificate as a client; null for none
/// @param keyfile null when the key is in the certificate's file
/// @param keyfilePassword null for a key that isn't encrypted
/// @param cafile who signs the peers' certificates; null for the platform's list
/// @param verification what of a peer's certificate is checked
public record PeerSettings(
        @Nullable Credentials credentials,
        @Nullable Path certfile,
        @Nullable Path keyfile,
        @Nullable String keyfilePassword,
        @Nullable Path cafile,
        Verification verification) {

    /// No credentials, no certificates.
    public static final PeerSettings NONE =
            new PeerSettings(null, null, null, null, null, Verification.NONE);

    public enum Verification {
        NONE,
        /// It must be signed by somebody we trust, whatever name it bears.
        CHAIN,
        /// It must also bear the name of the host that is called.
        FULL
    }

    /// Reads the `ctl` section, with `restapi` for what it leaves out.
    ///
    /// As other members do, peers' certificates are verified only where a client certificate is
    /// configured, and then without their names; `ctl.verify_peers` (`none`, `chain`, `full`) says
    /// it aloud.
    ///
    /// @throws IllegalArgumentException for a wrong value: its name, its value, what is allowed
    public static PeerSettings of(ConfigDocument ctl, ConfigDocument restapi) {
        Credentials own = Credentials.of("ctl", ctl);
        Path certfile = path(ctl, "certfile");
        Path cafile = path(ctl, "cacert");
        Object password = ctl.at("keyfile_password");
        return new PeerSettings(
                own != null ? own : Credentials.of("restapi", restapi),
                certfile,
                path(ctl, "keyfile"),
                password == null ? null : password.toString(),
                cafile != null ? cafile : path(restapi, "cafile"),
                verification(ctl, certfile != null));
    }

    private static Verification verification(ConfigDocument ctl, boolean withCertificate) {
        Object raw = ctl.at("verify_peers");
        if (raw == null) {
            return withCertificate ? Verification.CHAIN : Verification.NONE;
        }
        return switch (raw.toString().toLowerCase(Locale.ROOT)) {
            case "none" -> Verification.NONE;
            case "chain" -> Verification.CHAIN;
            case "full" -> Verification.FULL;
            default ->
                    throw new IllegalArgumentException(
                            "ctl.verify_peers: '" + raw + "' is not none, chain or full");
        };
    }

    private static @Nullable Path path(ConfigDocument section, String key) {
        Object raw = section.at(key);
        return raw == null || raw.toString().isBlank() ? null : Path.of(raw.toString());
    }

    @Override
    public String toString() {
        return "PeerSettings[certfile " + certfile + ", verification " + verification + "]";
    }
}
