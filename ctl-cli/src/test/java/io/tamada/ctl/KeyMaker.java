package io.tamada.ctl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A key pair with a certificate that it signed itself, made by the JDK's own tool, in the forms
/// that files have.
final class KeyMaker {

    static final String PASSWORD = "changeit";

    /// Bytes before the RSA key proper in the PKCS #8 form of a key of 2048 bits.
    private static final int PKCS8_HEADER = 26;

    /// The object identifier of the scheme that today's tools encrypt keys with.
    private static final byte[] PBES2 = HexFormat.of().parseHex("06092a864886f70d01050d");

    private final Path folder;
    private final String name;
    private final KeyStore store;

    private KeyMaker(Path folder, String name, KeyStore store) {
        this.folder = folder;
        this.name = name;
        this.store = store;
    }

    /// @param algorithm `RSA` or `EC`
    /// @param host as in `ip:127.0.0.1`: whom the certificate is for
    static KeyMaker make(Path folder, String name, String algorithm, String host)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve(name + ".p12");
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command =
                List.of(
                        tool.toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + host,
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(said);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return new KeyMaker(folder, name, store);
    }

    private Key key() throws GeneralSecurityException {
        Key key = store.getKey(name, PASSWORD.toCharArray());
        if (key == null) {
            throw new GeneralSecurityException("no key");
        }
        return key;
    }

    String certificateFile() throws IOException, GeneralSecurityException {
        return pem("crt", "CERTIFICATE", store.getCertificate(name).getEncoded());
    }

    String keyFile() throws IOException, GeneralSecurityException {
        return pem("key", "PRIVATE KEY", key().getEncoded());
    }

    String oldRsaKeyFile() throws IOException, GeneralSecurityException {
        byte[] pkcs8 = key().getEncoded();
        return pem("rsa", "RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, PKCS8_HEADER, pkcs8.length));
    }

    String encryptedKeyFile() throws IOException, GeneralSecurityException {
        String algorithm = "PBEWithHmacSHA256AndAES_256";
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm)
                        .generateSecret(new PBEKeySpec(PASSWORD.toCharArray())),
                new SecureRandom());
        byte[] encrypted = cipher.doFinal(key().getEncoded());
        byte[] scheme = der(0x30, PBES2, cipher.getParameters().getEncoded());
        return pem("enc", "ENCRYPTED PRIVATE KEY", der(0x30, scheme, der(0x04, encrypted)));
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        out.write(0x82);
        out.write(content.size() >> 8);
        out.write(content.size());
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private String pem(String suffix, String type, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Path file = folder.resolve(name + "." + suffix);
        Files.writeString(
                file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type));
        return file.toString();
    }

    /// What a server with this key uses; it trusts nobody but those whom `clients` signed.
    SSLContext server(KeyMaker clients) throws GeneralSecurityException, IOException {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("clients", clients.store.getCertificate(clients.name));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
