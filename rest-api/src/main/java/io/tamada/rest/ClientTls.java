package io.tamada.rest;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// TLS towards peers.
final class ClientTls {

    private ClientTls() {}

    /// @throws IOException when a file can't be read: which one, and why
    static SSLContext context(PeerSettings settings) throws IOException {
        Path certfile = settings.certfile();
        Path keyfile = settings.keyfile() == null ? certfile : settings.keyfile();
        KeyManager[] keys =
                certfile == null || keyfile == null
                        ? new KeyManager[0]
                        : new KeyManager[] {
                            TlsManagers.keyManager(certfile, keyfile, settings.keyfilePassword())
                        };
        TrustManager trust =
                switch (settings.verification()) {
                    case NONE -> new Lenient(null);
                    case CHAIN -> new Lenient(trusted(settings.cafile()));
                    case FULL -> trusted(settings.cafile());
                };
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS is not available: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager trusted(@Nullable Path cafile) throws IOException {
        if (cafile != null) {
            return TlsManagers.trustManager(cafile);
        }
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init((KeyStore) null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new IOException("the platform has no trust manager");
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the platform's certificates can't be used: " + e.getMessage(), e);
        }
    }

    /// Looks at the chain, or at nothing, and never at the host's name: peers are often called by
    /// address.
    private static final class Lenient extends X509ExtendedTrustManager {
        private final @Nullable X509ExtendedTrustManager chain;

        Lenient(@Nullable X509ExtendedTrustManager chain) {
            this.chain = chain;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String authType)
                throws CertificateException {
            if (chain != null) {
                chain.checkServerTrusted(certificates, authType);
            }
        }

        @Override
        public void checkServerTrusted(
                X509Certificate[] certificates, String authType, Socket socket)
                throws CertificateException {
            checkServerTrusted(certificates, authType);
        }

        @Override
        public void checkServerTrusted(
                X509Certificate[] certificates, String authType, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(certificates, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String authType)
                throws CertificateException {
            throw new CertificateException("for calling peers only");
        }

        @Override
        public void checkClientTrusted(
                X509Certificate[] certificates, String authType, Socket socket)
                throws CertificateException {
            checkClientTrusted(certificates, authType);
        }

        @Override
        public void checkClientTrusted(
                X509Certificate[] certificates, String authType, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(certificates, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
