package io.tamada.dcs.raft.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals or opens the frames of one direction of one connection (AES-256-GCM).
///
/// The number of the frame is the nonce and is never sent: a frame that was repeated, left out or
/// moved does not open. One thread at a time.
final class FrameCipher {

    static final int TAG = 16;

    private final int mode;
    private final SecretKeySpec key;
    private final Cipher cipher;
    private long number;

    private FrameCipher(int mode, byte[] key) {
        this.mode = mode;
        this.key = new SecretKeySpec(key, "AES");
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    static FrameCipher sealing(byte[] key) {
        return new FrameCipher(Cipher.ENCRYPT_MODE, key);
    }

    static FrameCipher opening(byte[] key) {
        return new FrameCipher(Cipher.DECRYPT_MODE, key);
    }

    /// @throws IOException when the frame was not made by the other side as the next one
    byte[] next(byte[] frame) throws IOException {
        byte[] nonce = ByteBuffer.allocate(12).putLong(4, number++).array();
        try {
            cipher.init(mode, key, new GCMParameterSpec(TAG * 8, nonce));
            return cipher.doFinal(frame);
        } catch (GeneralSecurityException e) {
            throw new IOException("a frame was changed on its way", e);
        }
    }
}
