package io.tamada.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A certificate authority and what it signed, as PEM files in a folder, made by the JDK's
/// `keytool`.
final class TestCertificates {

    private static final char[] PASSWORD = "secret".toCharArray();
    private static final int KEYTOOL_SECONDS = 60;

    private final Path folder;

    TestCertificates(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        keytool("ca", "-genkeypair", "-keyalg", "EC", "-dname", "CN=ca", "-ext", "bc:c");
        write(ca(), pem("CERTIFICATE", certificate("ca")));
    }

    Path ca() {
        return folder.resolve("ca.crt");
    }

    /// A certificate and its key in one file.
    ///
    /// @param name file name and common name
    /// @param algorithm `RSA` or `EC`
    /// @param address the address it is valid for
    Path sign(String name, String algorithm, String address)
            throws IOException, InterruptedException {
        keytool(
                name,
                "-genkeypair",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-signer",
                "ca",
                "-signerkeypass",
                new String(PASSWORD),
                "-ext",
                "san=ip:" + address);
        Path file = folder.resolve(name + ".pem");
        write(file, pem("CERTIFICATE", certificate(name)) + pem("PRIVATE KEY", key(name)));
        return file;
    }

    byte[] key(String name) throws IOException {
        try {
            return store().getKey(name, PASSWORD).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private byte[] certificate(String name) throws IOException {
        try {
            Certificate certificate = store().getCertificate(name);
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("store.p12"))) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    static String pem(String label, byte[] bytes) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    private void keytool(String alias, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(
                List.of(
                        "-alias",
                        alias,
                        "-keystore",
                        folder.resolve("store.p12").toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-validity",
                        "10"));
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
