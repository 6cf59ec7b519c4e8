package io.tamada.dcs.raft.wire;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/// Each side proves that it knows the group's secret, bound to a random number of the other; then
/// both have two keys that no other connection has.
///
/// All that is read before the proof has a fixed length: magic and random number, 36 bytes, and the
/// proof, 32. The side that connects proves first, so that somebody who just knocks gets nothing to
/// guess passwords with.
final class Handshake {

    private static final byte[] MAGIC = {'T', 'R', 'F', 1};
    private static final int NONCE = 32;
    private static final int PROOF = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Handshake() {}

    /// The keys of one connection, as one side uses them.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Keys(byte[] sending, byte[] receiving) {}

    /// The side that connects.
    ///
    /// @throws WrongPasswordException when either side does not accept the other
    static Keys connect(InputStream in, OutputStream out, GroupSecret secret) throws IOException {
        byte[] mine = hello(out);
        DataInputStream data = new DataInputStream(in);
        byte[] theirs = heard(data);
        out.write(secret.derive("client proof", mine, theirs));
        out.flush();
        byte[] proof = new byte[PROOF];
        if (data.read() != 1) {
            throw new WrongPasswordException("it does not accept our password");
        }
        data.readFully(proof);
        if (!MessageDigest.isEqual(proof, secret.derive("server proof", mine, theirs))) {
            throw new WrongPasswordException("it does not know our password");
        }
        return new Keys(
                secret.derive("client to server", mine, theirs),
                secret.derive("server to client", mine, theirs));
    }

    /// The side that was connected to.
    ///
    /// @throws WrongPasswordException when the other side has proved nothing
    static Keys accept(InputStream in, OutputStream out, GroupSecret secret) throws IOException {
        DataInputStream data = new DataInputStream(in);
        byte[] theirs = heard(data);
        byte[] mine = hello(out);
        byte[] proof = new byte[PROOF];
        data.readFully(proof);
        if (!MessageDigest.isEqual(proof, secret.derive("client proof", theirs, mine))) {
            out.write(0);
            out.flush();
            throw new WrongPasswordException("it does not know our password");
        }
        out.write(1);
        out.write(secret.derive("server proof", theirs, mine));
        out.flush();
        return new Keys(
                secret.derive("server to client", theirs, mine),
                secret.derive("client to server", theirs, mine));
    }

    private static byte[] hello(OutputStream out) throws IOException {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        out.write(MAGIC);
        out.write(nonce);
        out.flush();
        return nonce;
    }

    private static byte[] heard(DataInputStream in) throws IOException {
        byte[] magic = new byte[MAGIC.length];
        in.readFully(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new WrongPasswordException("it does not speak this protocol");
        }
        byte[] nonce = new byte[NONCE];
        in.readFully(nonce);
        return nonce;
    }
}
