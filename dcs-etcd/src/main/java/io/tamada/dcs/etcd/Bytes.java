package io.tamada.dcs.etcd;

import com.google.protobuf.ByteString;

/// Keys as etcd orders them.
final class Bytes {

    private Bytes() {}

    static ByteString of(String key) {
        return ByteString.copyFromUtf8(key);
    }

    /// The first key after all that begin with a prefix, which must not end in a byte of 255.
    static ByteString afterAll(String prefix) {
        byte[] bytes = of(prefix).toByteArray();
        bytes[bytes.length - 1]++;
        return ByteString.copyFrom(bytes);
    }
}
