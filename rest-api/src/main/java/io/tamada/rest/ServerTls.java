package io.tamada.rest;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// TLS from PEM files. A certificate that is renewed on disk is used by the next handshakes,
/// without a restart.
final class ServerTls {

    private static final Logger LOG = System.getLogger(ServerTls.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final char[] NO_PASSWORD = {};

    private ServerTls() {}

    /// @throws IOException when a file can't be read: which one, and why
    static SSLContext context(RestSettings.Tls settings) throws IOException {
        Path keyfile = settings.keyfile() == null ? settings.certfile() : settings.keyfile();
        Renewed<X509ExtendedKeyManager> keys =
                new Renewed<>(
                        List.of(settings.certfile(), keyfile),
                        () -> keyManager(settings.certfile(), keyfile, settings.keyfilePassword()));
        Path cafile = settings.cafile();
        TrustManager[] trust =
                cafile == null
                        ? null
                        : new TrustManager[] {
                            new RenewedTrust(
                                    new Renewed<>(List.of(cafile), () -> trustManager(cafile)))
                        };
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new RenewedKeys(keys)}, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS is not available: " + e.getMessage(), e);
        }
    }

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

    private interface Loader<T> {
        T load() throws IOException;
    }

    /// Something made from files, made again when they change. What can't be read leaves the old
    /// one in use.
    private static final class Renewed<T> {
        private final List<Path> files;
        private final Loader<T> loader;
        private volatile T current;
        private List<FileTime> seen;
        private long lookedAt = System.nanoTime();

        Renewed(List<Path> files, Loader<T> loader) throws IOException {
            this.files = files;
            this.loader = loader;
            this.seen = modified(files);
            this.current = loader.load();
        }

        private static List<FileTime> modified(List<Path> files) throws IOException {
            List<FileTime> result = new ArrayList<>();
            for (Path file : files) {
                result.add(Files.getLastModifiedTime(file));
            }
            return result;
        }

        T get() {
            renew();
            return current;
        }

        private synchronized void renew() {
            if (System.nanoTime() - lookedAt < LOOK_EVERY.toNanos()) {
                return;
            }
            lookedAt = System.nanoTime();
            try {
                List<FileTime> now = modified(files);
                if (!now.equals(seen)) {
                    current = loader.load();
                    seen = now;
                    LOG.log(Level.INFO, "restapi: read again: " + files);
                }
            } catch (IOException e) {
                LOG.log(
                        Level.WARNING,
                        "restapi: the former certificate stays in use: " + e.getMessage());
            }
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
