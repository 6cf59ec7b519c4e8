package io.tamada.rest;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// What the JDK's TLS needs, from PEM files.
final class TlsManagers {

    private static final char[] NO_PASSWORD = {};

    private TlsManagers() {}

    static X509ExtendedKeyManager keyManager(Path certfile, Path keyfile, @Nullable String password)
            throws IOException {
        PrivateKey key = PemFiles.privateKey(keyfile, password);
        Certificate[] chain = PemFiles.certificates(certfile).toArray(Certificate[]::new);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", key, NO_PASSWORD, chain);
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, NO_PASSWORD);
            for (KeyManager manager : factory.getKeyManagers()) {
                if (manager instanceof X509ExtendedKeyManager extended) {
                    return extended;
                }
            }
            throw new IOException(certfile + ": no key manager for it");
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    certfile + ": certificate and key can't be used: " + e.getMessage(), e);
        }
    }

    static X509ExtendedTrustManager trustManager(Path cafile) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : PemFiles.certificates(cafile)) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new IOException(cafile + ": no trust manager for it");
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    cafile + ": the certificates can't be used: " + e.getMessage(), e);
        }
    }
}
