package io.tamada.dcs.raft.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// What all members of a group know: the key that the password is stretched into.
///
/// Without a password the key is a constant that everybody can know: the same protocol runs and
/// protects nothing.
public final class GroupSecret {

    private static final byte[] SALT = "tamada raft group 1".getBytes(StandardCharsets.UTF_8);
    private static final int ROUNDS = 20_000;

    private final byte[] root;

    private GroupSecret(byte[] root) {
        this.root = root;
    }

    public static GroupSecret of(@Nullable String password) {
        if (password == null || password.isEmpty()) {
            return new GroupSecret(Arrays.copyOf(SALT, 32));
        }
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), SALT, ROUNDS, 256);
        try {
            return new GroupSecret(
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(spec)
                            .getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2", e);
        } finally {
            spec.clearPassword();
        }
    }

    /// 32 bytes that only members can compute: for a purpose, bound to the two random numbers of a
    /// connection.
    byte[] derive(String purpose, byte[] clientNonce, byte[] serverNonce) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(root, "HmacSHA256"));
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            mac.update(clientNonce);
            return mac.doFinal(serverNonce);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC", e);
        }
    }

    @Override
    public String toString() {
        return "GroupSecret";
    }
}
