package io.tamada.rest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/// Certificates and private keys in PEM files, as OpenSSL writes them.
public final class PemFiles {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    private static final byte[] RSA_ALGORITHM =
            decoded("MA0GCSqGSIb3DQEBAQUA"); // SEQUENCE { rsaEncryption, NULL }

    private static final List<String> KINDS = List.of("RSA", "EC", "EdDSA");

    private PemFiles() {}

    private record Block(String label, String base64) {
        byte[] bytes() {
            return decoded(base64);
        }
    }

    private static byte[] decoded(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }

    private static List<Block> blocks(Path file) throws IOException {
        List<Block> result = new ArrayList<>();
        Matcher m = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (m.find()) {
            result.add(new Block(m.group(1), m.group(2)));
        }
        return result;
    }

    /// All certificates of a file, in its order.
    ///
    /// @throws IOException when there is none or one can't be read: the file, and why
    public static List<Certificate> certificates(Path file) throws IOException {
        List<Certificate> result = new ArrayList<>();
        try {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(file)) {
                if (block.label().endsWith("CERTIFICATE")) {
                    result.add(x509.generateCertificate(new ByteArrayInputStream(block.bytes())));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    file + ": a certificate in it can't be read: " + e.getMessage(), e);
        }
        if (result.isEmpty()) {
            throw new IOException(file + ": holds no certificate in PEM form");
        }
        return result;
    }

    /// The first private key of a file.
    ///
    /// @param password null for a key that isn't encrypted
    /// @throws IOException when there is none or it can't be read: the file, and why
    public static PrivateKey privateKey(Path file, @Nullable String password) throws IOException {
        try {
            for (Block block : blocks(file)) {
                switch (block.label()) {
                    case "PRIVATE KEY" -> {
                        return key(new PKCS8EncodedKeySpec(block.bytes()));
                    }
                    case "RSA PRIVATE KEY" -> {
                        return key(new PKCS8EncodedKeySpec(wrapped(RSA_ALGORITHM, block.bytes())));
                    }
                    case "EC PRIVATE KEY" -> {
                        return key(
                                new PKCS8EncodedKeySpec(
                                        wrapped(curve(block.bytes()), block.bytes())));
                    }
                    case "ENCRYPTED PRIVATE KEY" -> {
                        if (password == null) {
                            throw new IOException(
                                    file + ": the key is encrypted and no password is configured");
                        }
                        return key(decrypted(block.bytes(), password));
                    }
                    default -> {
                        // Certificates and curve parameters live in the same file.
                    }
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": the private key can't be read: " + e.getMessage(), e);
        }
        boolean oldForm =
                Files.readString(file, StandardCharsets.ISO_8859_1).contains("4,ENCRYPTED");
        throw new IOException(
                file
                        + (oldForm
                                ? ": its key is encrypted in an old form; `openssl pkcs8 -topk8` turns it into a new one"
                                : ": holds no private key in PEM form"));
    }

    private static PKCS8EncodedKeySpec decrypted(byte[] bytes, String password)
            throws GeneralSecurityException {
        EncryptedPrivateKeyInfo info;
        try {
            info = new EncryptedPrivateKeyInfo(bytes);
        } catch (IOException e) {
            throw new InvalidKeySpecException("its encryption is not known: " + e.getMessage(), e);
        }
        // For the PBES2 scheme the parameters know the name of the cipher, the key's header
        // doesn't.
        String algorithm =
                info.getAlgName().startsWith("PBEWith")
                        ? info.getAlgName()
                        : info.getAlgParameters().toString();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm)
                        .generateSecret(new PBEKeySpec(password.toCharArray())),
                info.getAlgParameters());
        return info.getKeySpec(cipher);
    }

    private static PrivateKey key(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
        for (String kind : KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // Another kind of key, perhaps.
            }
        }
        throw new InvalidKeySpecException("it is none of " + KINDS);
    }

    /// The algorithm of an EC key, from the curve's name in its optional part `[0]`.
    private static byte[] curve(byte[] sec1) throws InvalidKeySpecException {
        for (int i = 0; i + 3 < sec1.length; i++) {
            int tag = sec1[i] & 0xFF;
            int length = sec1[i + 1] & 0xFF;
            if (tag == 0xA0
                    && sec1[i + 2] == 0x06
                    && length == (sec1[i + 3] & 0xFF) + 2
                    && i + 2 + length <= sec1.length) {
                byte[] oid = java.util.Arrays.copyOfRange(sec1, i + 2, i + 2 + length);
                return der(0x30, decoded("BgcqhkjOPQIB"), oid);
            }
        }
        throw new InvalidKeySpecException("the key does not name its curve");
    }

    /// PKCS #8 around a key of an older form.
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return der(0x30, new byte[] {0x02, 0x01, 0x00}, algorithm, der(0x04, key));
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
