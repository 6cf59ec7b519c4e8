package io.tamada.dcs.consul;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// What a TLS connection needs.
///
/// @param ca whom to trust; null for what the Java runtime trusts
/// @param certificate null for none
/// @param verifies false to trust everybody
record ConsulTls(
        @Nullable Path ca, @Nullable Path certificate, @Nullable Path key, boolean verifies) {

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = {};

    /// @throws IllegalArgumentException when a file isn't what it should be
    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(), trust(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "consul: cannot set up TLS from cacert, cert and key: " + e, e);
        }
    }

    private KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
        if (certificate == null || key == null) {
            return null;
        }
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(
                "own",
                privateKey(key),
                NO_PASSWORD,
                certificates("cert", certificate).toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, NO_PASSWORD);
        return keys.getKeyManagers();
    }

    private TrustManager @Nullable [] trust() throws GeneralSecurityException, IOException {
        if (!verifies) {
            return new TrustManager[] {new TrustsEverybody()};
        }
        if (ca == null) {
            return null;
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (Certificate authority : certificates("cacert", ca)) {
            trusted.setCertificateEntry("ca" + trusted.size(), authority);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        return trust.getTrustManagers();
    }

    private static Collection<? extends Certificate> certificates(String setting, Path file)
            throws IOException, GeneralSecurityException {
        StringBuilder found = new StringBuilder();
        CERTIFICATE
                .matcher(Files.readString(file))
                .results()
                .forEach(match -> found.append(match.group()).append('\n'));
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "consul." + setting + ": " + file + " holds no certificate");
        }
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(
                                found.toString().getBytes(StandardCharsets.US_ASCII)));
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(file));
        if (!pem.find()) {
            throw new IllegalArgumentException(
                    "consul.key: "
                            + file
                            + " holds no unencrypted PKCS#8 key ('BEGIN PRIVATE KEY'); openssl pkcs8 -topk8 -nocrypt makes one");
        }
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException _) {
                // Another kind of key.
            }
        }
        throw new IllegalArgumentException(
                "consul.key: " + file + " holds neither an RSA, an EC nor an Ed25519 key");
    }
}
