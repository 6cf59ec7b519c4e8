package io.tamada.ctl;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// The TLS side of [RestAccess].
final class Tls {

    private static final char[] NO_PASSWORD = new char[0];

    private Tls() {}

    static SSLContext context(RestAccess access) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(access), trust(access), null);
            return context;
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new CtlError(
                    "TLS can't be set up (%s); see ctl.cacert, ctl.certfile, ctl.keyfile"
                            .formatted(e.getMessage()));
        }
    }

    private static KeyManager @Nullable [] keys(RestAccess access)
            throws GeneralSecurityException, java.io.IOException {
        if (access.certfile() == null) {
            return null;
        }
        List<X509Certificate> chain = PemFile.certificates(access.certfile());
        String keyfile = access.keyfile() == null ? access.certfile() : access.keyfile();
        PrivateKey key = PemFile.privateKey(keyfile, access.keyfilePassword());
        KeyStore store = emptyStore();
        store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trust(RestAccess access)
            throws GeneralSecurityException, java.io.IOException {
        if (access.insecure()) {
            boolean chainCounts = access.certfile() != null;
            return new TrustManager[] {
                new LaxTrust(chainCounts ? platformOr(access.cacert()) : null)
            };
        }
        // Found only when a handshake needs it: reading the platform's authorities takes a tenth of
        // a second, and most
        // clusters are asked over plain HTTP.
        return new TrustManager[] {new LateTrust(access.cacert())};
    }

    private static X509ExtendedTrustManager platformOr(@Nullable String cacert)
            throws GeneralSecurityException, java.io.IOException {
        KeyStore store = null;
        if (cacert != null) {
            store = emptyStore();
            int number = 0;
            for (X509Certificate authority : PemFile.certificates(cacert)) {
                store.setCertificateEntry("authority-" + number++, authority);
            }
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("no trust manager for certificates");
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, java.io.IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    /// Never compares the host name; verifies the chain only if it was given what to verify with.
    private static final class LaxTrust extends X509ExtendedTrustManager {
        private final @Nullable X509TrustManager chain;

        LaxTrust(@Nullable X509TrustManager chain) {
            this.chain = chain;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String type)
                throws CertificateException {
            if (chain != null) {
                chain.checkServerTrusted(certificates, type);
            }
        }

        @Override
        public void checkServerTrusted(
                X509Certificate[] certificates, String type, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(certificates, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String type, Socket socket)
                throws CertificateException {
            checkServerTrusted(certificates, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String type)
                throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(
                X509Certificate[] certificates, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /// Full verification, with authorities that are read at the first handshake.
    private static final class LateTrust extends X509ExtendedTrustManager {
        private final @Nullable String cacert;
        private volatile @Nullable X509ExtendedTrustManager real;

        LateTrust(@Nullable String cacert) {
            this.cacert = cacert;
        }

        private X509ExtendedTrustManager real() throws CertificateException {
            X509ExtendedTrustManager found = real;
            if (found == null) {
                try {
                    found = platformOr(cacert);
                } catch (GeneralSecurityException | java.io.IOException e) {
                    throw new CertificateException(e.getMessage(), e);
                }
                real = found;
            }
            return found;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String type)
                throws CertificateException {
            real().checkServerTrusted(certificates, type);
        }

        @Override
        public void checkServerTrusted(
                X509Certificate[] certificates, String type, SSLEngine engine)
                throws CertificateException {
            real().checkServerTrusted(certificates, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String type, Socket socket)
                throws CertificateException {
            real().checkServerTrusted(certificates, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String type)
                throws CertificateException {
            real().checkClientTrusted(certificates, type);
        }

        @Override
        public void checkClientTrusted(
                X509Certificate[] certificates, String type, SSLEngine engine)
                throws CertificateException {
            real().checkClientTrusted(certificates, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String type, Socket socket)
                throws CertificateException {
            real().checkClientTrusted(certificates, type, socket);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
