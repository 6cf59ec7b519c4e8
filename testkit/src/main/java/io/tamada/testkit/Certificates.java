package io.tamada.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/// A certificate authority for the tests of real servers with TLS, and what it signed, as PEM files
/// in a folder. Made by the JDK's `keytool`.
public final class Certificates {

    private static final String PASSWORD = "secret";
    private static final String CIPHER = "PBEWithHmacSHA256AndAES_256";
    private static final byte[] PBES2 = HexFormat.of().parseHex("06092a864886f70d01050d");
    private static final int KEYTOOL_SECONDS = 60;

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    /// A new authority.
    ///
    /// @param folder of its own; made if it doesn't exist
    public static Certificates authority(Path folder) throws IOException, InterruptedException {
        Certificates made = new Certificates(Files.createDirectories(folder));
        made.keytool("-genkeypair", "-alias", "ca", "-dname", "CN=ca", "-ext", "bc:c");
        Files.writeString(made.ca(), made.certificate("ca"));
        return made;
    }

    /// The authority's own certificate.
    public Path ca() {
        return folder.resolve("ca.crt");
    }

    /// What a server or client shows.
    ///
    /// @param key in PKCS#8, not encrypted
    /// @param both certificate and key in one file
    public record Signed(Path certificate, Path key, Path both) {}

    /// Signs a certificate that is valid now, with an elliptic-curve key.
    ///
    /// @param name common name and file name
    /// @param address the IP address it is valid for
    public Signed sign(String name, String address) throws IOException, InterruptedException {
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:" + address,
                "-signer",
                "ca");
        String key = pem("PRIVATE KEY", key(name));
        return new Signed(
                Files.writeString(folder.resolve(name + ".crt"), certificate(name)),
                Files.writeString(folder.resolve(name + ".key"), key),
                Files.writeString(folder.resolve(name + ".pem"), certificate(name) + key));
    }

    /// The key of a certificate that was signed, encrypted with a password, in PKCS#8.
    public Path encryptedKey(String name, String password) throws IOException {
        try {
            PBEParameterSpec salted = new PBEParameterSpec(new byte[16], 1000);
            SecretKey secret =
                    SecretKeyFactory.getInstance(CIPHER)
                            .generateSecret(new PBEKeySpec(password.toCharArray()));
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.ENCRYPT_MODE, secret, salted);
            byte[] scheme = der(0x30, PBES2, cipher.getParameters().getEncoded());
            byte[] encrypted = der(0x30, scheme, der(0x04, cipher.doFinal(key(name))));
            return Files.writeString(
                    folder.resolve(name + ".encrypted.key"),
                    pem("ENCRYPTED PRIVATE KEY", encrypted));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static byte[] der(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteBuffer out = ByteBuffer.allocate(length + 4).put((byte) tag);
        if (length < 0x80) {
            out.put((byte) length);
        } else {
            out.put((byte) 0x82).putShort((short) length);
        }
        for (byte[] part : parts) {
            out.put(part);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private String certificate(String alias) throws IOException {
        try {
            return pem("CERTIFICATE", store().getCertificate(alias).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private byte[] key(String alias) throws IOException {
        try {
            return store().getKey(alias, PASSWORD.toCharArray()).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("store.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static String pem(String label, byte[] bytes) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keyalg", "EC", "-validity", "10", "-storetype", "PKCS12"));
        command.addAll(List.of("-keystore", folder.resolve("store.p12").toString()));
        command.addAll(List.of("-storepass", PASSWORD));
        Path log = folder.resolve("keytool.log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("keytool failed: " + Files.readString(log));
        }
    }
}
