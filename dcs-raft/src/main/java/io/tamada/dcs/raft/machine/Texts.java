package io.tamada.dcs.raft.machine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Text with its length in front, without the 64 KiB limit of [DataOutput#writeUTF].
public final class Texts {

    /// No key or value is longer, in bytes.
    public static final int MAX_BYTES = 2 << 20;

    private Texts() {}

    public static void write(DataOutput out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// Reads what [#write] wrote.
    ///
    /// @throws IOException when the length is out of bounds or there is less than it says
    public static String read(DataInput in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_BYTES) {
            throw new IOException("a text of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
