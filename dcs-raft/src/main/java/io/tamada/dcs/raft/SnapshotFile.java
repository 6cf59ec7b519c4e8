package io.tamada.dcs.raft;

import io.tamada.dcs.raft.machine.CommandCodec;
import io.tamada.dcs.raft.machine.KvMachine;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// The machine's state in a file: a checksum and the state.
final class SnapshotFile {

    static final String NAME = "state";

    private SnapshotFile() {}

    /// Writes and syncs it.
    static void write(Path folder, KvMachine machine) throws IOException {
        byte[] state = CommandCodec.written(machine::save);
        try (FileOutputStream out = new FileOutputStream(folder.resolve(NAME).toFile())) {
            out.write(ByteBuffer.allocate(Long.BYTES).putLong(crc(state)).array());
            out.write(state);
            out.getFD().sync();
        }
    }

    static KvMachine read(Path folder) throws IOException {
        byte[] file = Files.readAllBytes(folder.resolve(NAME));
        if (file.length < Long.BYTES) {
            throw new IOException("the file is cut short");
        }
        byte[] state = Arrays.copyOfRange(file, Long.BYTES, file.length);
        if (ByteBuffer.wrap(file).getLong() != crc(state)) {
            throw new IOException("the file is damaged");
        }
        return KvMachine.load(new DataInputStream(new ByteArrayInputStream(state)));
    }

    private static long crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }
}
