package io.tamada.dcs.zookeeper;

import io.tamada.ha.model.ConfigDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.jspecify.annotations.Nullable;

/// What a TLS connection needs.
///
/// @param ca whom to trust; null for what the Java runtime trusts
/// @param identity our certificate and its key, in one PEM file; null for none
/// @param verifiesNames whether the server's certificate has to bear its name
record TlsFiles(
        @Nullable Path ca,
        @Nullable Path identity,
        @Nullable String keyPassword,
        boolean verifiesNames) {

    /// Netty looks at names by itself where nobody has told it how, and ZooKeeper's client has no
    /// way to tell it not to. Netty reads this once, for the whole process.
    private static final String NETTY_NAMES =
            "io.netty.handler.ssl.defaultEndpointVerificationAlgorithm";

    /// @return null when the section asks for none
    /// @throws IllegalArgumentException for a wrong setting
    static @Nullable TlsFiles of(String name, ConfigDocument section) {
        if (!flag(name, section, "use_ssl", false)) {
            return null;
        }
        Path ca = file(name, section, "cacert");
        boolean verify = flag(name, section, "verify", true);
        if (!verify && ca == null) {
            throw new IllegalArgumentException(
                    name
                            + ".verify: false needs cacert: the server's name is not looked at then, but who signed its certificate still is");
        }
        String password = text(section, "key_password");
        return new TlsFiles(
                ca,
                identity(name, file(name, section, "cert"), file(name, section, "key")),
                password,
                verify);
    }

    void configure(ZKClientConfig config) {
        try (ClientX509Util names = new ClientX509Util()) {
            config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
            config.setProperty(
                    ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET,
                    "org.apache.zookeeper.ClientCnxnSocketNetty");
            if (ca != null) {
                config.setProperty(names.getSslTruststoreLocationProperty(), ca.toString());
                config.setProperty(names.getSslTruststoreTypeProperty(), "PEM");
            }
            if (identity != null) {
                config.setProperty(names.getSslKeystoreLocationProperty(), identity.toString());
                config.setProperty(names.getSslKeystoreTypeProperty(), "PEM");
                if (keyPassword != null) {
                    config.setProperty(names.getSslKeystorePasswdProperty(), keyPassword);
                }
            }
            config.setProperty(
                    names.getSslHostnameVerificationEnabledProperty(),
                    Boolean.toString(verifiesNames));
        }
        if (!verifiesNames && System.getProperty(NETTY_NAMES) == null) {
            System.setProperty(NETTY_NAMES, "NONE");
        }
    }

    /// The library reads certificate and key from one file, Patroni's settings name two.
    private static @Nullable Path identity(
            String name, @Nullable Path certificate, @Nullable Path key) {
        if (certificate == null) {
            if (key != null) {
                throw new IllegalArgumentException(name + ".cert: is missing, and key is given");
            }
            return null;
        }
        if (key == null || key.equals(certificate)) {
            return certificate;
        }
        try {
            // Readable by its owner alone, like every temporary file.
            Path both = Files.createTempFile("tamada-zookeeper", ".pem");
            both.toFile().deleteOnExit();
            Files.writeString(both, Files.readString(key) + "\n" + Files.readString(certificate));
            return both;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    name + ".key: " + certificate + " and " + key + " can't be read together", e);
        }
    }

    private static @Nullable Path file(String name, ConfigDocument section, String key) {
        String text = text(section, key);
        if (text == null) {
            return null;
        }
        try {
            Path file = Path.of(text).toAbsolutePath();
            if (!Files.isReadable(file)) {
                throw new IllegalArgumentException(
                        name + "." + key + ": " + file + " can't be read");
            }
            return file;
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    name + "." + key + ": '" + text + "' is not a path", e);
        }
    }

    private static boolean flag(String name, ConfigDocument section, String key, boolean standard) {
        String text = text(section, key);
        return text == null
                ? standard
                : switch (text.toLowerCase(Locale.ROOT)) {
                    case "true", "on", "yes", "1" -> true;
                    case "false", "off", "no", "0" -> false;
                    default ->
                            throw new IllegalArgumentException(
                                    name
                                            + "."
                                            + key
                                            + ": '"
                                            + text
                                            + "' is neither true nor false");
                };
    }

    private static @Nullable String text(ConfigDocument section, String key) {
        Object value = section.at(key);
        String text = value == null ? "" : String.valueOf(value);
        return text.isBlank() ? null : text;
    }

    @Override
    public String toString() {
        return "TlsFiles[ca=" + ca + ", identity=" + identity + "]";
    }
}
