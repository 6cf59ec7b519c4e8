package io.tamada.dcs.raft;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A certificate authority, and what it signed as PEM files, made by the JDK's `keytool`.
final class Certificates {

    private static final String PASSWORD = "secret";

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    static Certificates authority(Path folder) throws IOException, InterruptedException {
        Certificates made = new Certificates(Files.createDirectories(folder));
        made.keytool("-genkeypair", "-alias", "ca", "-dname", "CN=ca", "-ext", "bc:c");
        Files.writeString(made.ca(), made.certificate("ca"));
        return made;
    }

    Path ca() {
        return folder.resolve("ca.pem");
    }

    /// A certificate with its key, in one file.
    Path sign(String name) throws IOException, InterruptedException {
        return sign(name, "-1d");
    }

    /// Valid for two days from `start`, such as `-10d`.
    Path sign(String name, String start) throws IOException, InterruptedException {
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-startdate",
                start,
                "-validity",
                "2",
                "-signer",
                "ca");
        Path file = folder.resolve(name + ".pem");
        Files.writeString(file, certificate(name) + key(name));
        return file;
    }

    /// Puts the content of one file in the place of another at once.
    static void replace(Path target, Path... parts) throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path part : parts) {
            all.append(Files.readString(part));
        }
        Path fresh = Files.writeString(target.resolveSibling(target.getFileName() + ".new"), all);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private String certificate(String alias) throws IOException {
        try {
            return pem("CERTIFICATE", store().getCertificate(alias).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private String key(String alias) throws IOException {
        try {
            return pem("PRIVATE KEY", store().getKey(alias, PASSWORD.toCharArray()).getEncoded());
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
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString()));
        command.addAll(List.of(arguments));
        command.addAll(
                List.of(
                        "-keyalg",
                        "EC",
                        "-keystore",
                        folder.resolve("store.p12").toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD));
        Path log = folder.resolve("keytool.log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("keytool failed: " + Files.readString(log));
        }
    }
}
