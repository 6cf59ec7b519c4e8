package io.tamada.ctl;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/// Certificates and keys in PEM files.
final class PemFile {

    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+?)-----END \\1-----");

    /// An RSA key's algorithm, as it stands in PKCS #8: version 0, rsaEncryption, no parameters.
    private static final byte[] RSA_PREFIX =
            HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private PemFile() {}

    static List<X509Certificate> certificates(String path) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> result = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(ConfigSource.text(Path.of(path)));
        while (blocks.find()) {
            if (blocks.group(1).endsWith("CERTIFICATE")) {
                result.add(
                        (X509Certificate)
                                factory.generateCertificate(
                                        new ByteArrayInputStream(bytes(blocks.group(2)))));
            }
        }
        if (result.isEmpty()) {
            throw new CtlError(path + ": no certificate in PEM form found");
        }
        return result;
    }

    static PrivateKey privateKey(String path, @Nullable String password)
            throws GeneralSecurityException, IOException {
        Matcher blocks = BLOCK.matcher(ConfigSource.text(Path.of(path)));
        while (blocks.find()) {
            byte[] content = bytes(blocks.group(2));
            switch (blocks.group(1)) {
                case "PRIVATE KEY" -> {
                    return key(path, new PKCS8EncodedKeySpec(content));
                }
                case "RSA PRIVATE KEY" -> {
                    return key(path, new PKCS8EncodedKeySpec(asPkcs8(content)));
                }
                case "ENCRYPTED PRIVATE KEY" -> {
                    return key(path, decrypted(path, content, password));
                }
                default -> {
                    // A certificate, or parameters of a curve: not what is looked for.
                }
            }
        }
        throw new CtlError(
                path
                        + ": no private key that can be used; convert it with 'openssl pkcs8 -topk8 -nocrypt -in"
                        + " <key> -out <new key>'");
    }

    private static PKCS8EncodedKeySpec decrypted(
            String path, byte[] content, @Nullable String password)
            throws GeneralSecurityException, IOException {
        if (password == null) {
            throw new CtlError(path + ": the key is encrypted; set ctl.keyfile_password");
        }
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(content);
        // The scheme of newer files says which cipher it means only in its parameters.
        String algorithm =
                info.getAlgParameters().getAlgorithm().equals("PBES2")
                        ? info.getAlgParameters().toString()
                        : info.getAlgName();
        SecretKeyFactory factory = SecretKeyFactory.getInstance(algorithm);
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                factory.generateSecret(new PBEKeySpec(password.toCharArray())),
                info.getAlgParameters());
        return info.getKeySpec(cipher);
    }

    private static PrivateKey key(String path, PKCS8EncodedKeySpec spec)
            throws GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // Another algorithm's key: the next one is tried.
            }
        }
        throw new CtlError(
                path + ": the private key is of a kind that is not supported (RSA, EC, EdDSA are)");
    }

    /// Wraps an RSA key into the form that has its algorithm beside it.
    private static byte[] asPkcs8(byte[] rsa) {
        byte[] octets = derElement(0x04, rsa);
        byte[] content = new byte[RSA_PREFIX.length + octets.length];
        System.arraycopy(RSA_PREFIX, 0, content, 0, RSA_PREFIX.length);
        System.arraycopy(octets, 0, content, RSA_PREFIX.length, octets.length);
        return derElement(0x30, content);
    }

    /// One DER element with a length of two bytes: enough for every RSA key.
    private static byte[] derElement(int tag, byte[] content) {
        byte[] result = new byte[content.length + 4];
        result[0] = (byte) tag;
        result[1] = (byte) 0x82;
        result[2] = (byte) (content.length >> 8);
        result[3] = (byte) content.length;
        System.arraycopy(content, 0, result, 4, content.length);
        return result;
    }

    private static byte[] bytes(String base64) {
        return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
    }
}
