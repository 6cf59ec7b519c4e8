package io.tamada.rest;

import io.tamada.ha.time.TimeSource;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// The server's side of TLS. A certificate that is renewed on disk is used by the next handshakes,
/// without a restart.
final class ServerTls {

    private final SSLContext context;
    private final Renewed<X509ExtendedKeyManager> keys;
    private final @Nullable Renewed<X509ExtendedTrustManager> trust;

    /// @throws IOException when a file can't be read: which one, and why
    ServerTls(RestSettings.Tls settings, TimeSource time) throws IOException {
        Path certfile = settings.certfile();
        Path keyfile = settings.keyfile() == null ? certfile : settings.keyfile();
        Path cafile = settings.cafile();
        keys =
                new Renewed<>(
                        List.of(certfile, keyfile),
                        time,
                        () ->
                                TlsManagers.keyManager(
                                        certfile, keyfile, settings.keyfilePassword()));
        trust =
                cafile == null
                        ? null
                        : new Renewed<>(
                                List.of(cafile), time, () -> TlsManagers.trustManager(cafile));
        try {
            context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {new RenewedKeys(keys)},
                    trust == null ? null : new TrustManager[] {new RenewedTrust(trust)},
                    null);
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS is not available: " + e.getMessage(), e);
        }
    }

    SSLContext context() {
        return context;
    }

    /// Uses the files as they are now.
    ///
    /// @throws IOException when one can't be read: the former certificates stay in use
    void readAgain() throws IOException {
        keys.readAgain();
        if (trust != null) {
            trust.readAgain();
        }
    }

    private static final class RenewedKeys extends X509ExtendedKeyManager {
        private final Renewed<X509ExtendedKeyManager> keys;

        RenewedKeys(Renewed<X509ExtendedKeyManager> keys) {
            this.keys = keys;
        }

        @Override
        public String @Nullable [] getClientAliases(
                String keyType, Principal @Nullable [] issuers) {
            return keys.get().getClientAliases(keyType, issuers);
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return keys.get().chooseClientAlias(keyType, issuers, socket);
        }

        @Override
        public String @Nullable [] getServerAliases(
                String keyType, Principal @Nullable [] issuers) {
            return keys.get().getServerAliases(keyType, issuers);
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return keys.get().chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return keys.get().chooseEngineServerAlias(keyType, issuers, engine);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return keys.get().getCertificateChain(alias);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return keys.get().getPrivateKey(alias);
        }
    }

    private static final class RenewedTrust extends X509ExtendedTrustManager {
        private final Renewed<X509ExtendedTrustManager> trust;

        RenewedTrust(Renewed<X509ExtendedTrustManager> trust) {
            this.trust = trust;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            trust.get().checkClientTrusted(chain, authType, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            trust.get().checkServerTrusted(chain, authType, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            trust.get().checkClientTrusted(chain, authType, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            trust.get().checkServerTrusted(chain, authType, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType)
                throws CertificateException {
            trust.get().checkClientTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType)
                throws CertificateException {
            trust.get().checkServerTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trust.get().getAcceptedIssuers();
        }
    }
}
