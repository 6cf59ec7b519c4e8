package io.tamada.dcs.raft.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/// One message of a connection.
///
/// @param request else the answer to the request of this number
/// @param id numbered by who asks
/// @param type which message the body is, see [Messages]
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(boolean request, long id, int type, byte[] body) {

    static final int HEAD = 1 + 8 + 1;

    /// No frame is larger, in bytes; a batch of log entries is at most a quarter of it.
    static final int MAX = 8 << 20;

    byte[] bytes() {
        return ByteBuffer.allocate(HEAD + body.length)
                .put((byte) (request ? 1 : 0))
                .putLong(id)
                .put((byte) type)
                .put(body)
                .array();
    }

    static Frame of(byte[] bytes) throws IOException {
        if (bytes.length < HEAD) {
            throw new IOException("a frame of " + bytes.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        boolean request = in.get() == 1;
        long id = in.getLong();
        int type = in.get();
        byte[] body = new byte[in.remaining()];
        in.get(body);
        return new Frame(request, id, type, body);
    }
}
