package io.tamada.ctl;

import org.jspecify.annotations.Nullable;

/// How the tool identifies itself to members, and how it makes sure of them.
///
/// @param credentials `user:password` for basic authentication
/// @param insecure without a client certificate nothing is verified; with one the chain is, the
///   host name is not
/// @param cacert a PEM file of authorities; null for those of the platform
/// @param certfile a PEM file with the client's certificate, and its key unless `keyfile` is given
record RestAccess(
        @Nullable String credentials,
        boolean insecure,
        @Nullable String cacert,
        @Nullable String certfile,
        @Nullable String keyfile,
        @Nullable String keyfilePassword) {

    /// Shows no secret.
    @Override
    public String toString() {
        return "RestAccess[insecure="
                + insecure
                + ", cacert="
                + cacert
                + ", certfile="
                + certfile
                + "]";
    }
}
