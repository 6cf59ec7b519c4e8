package io.tamada.dcs.raft.wire;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One authenticated connection: frames out through a bounded queue, frames in to a [Receiver], in
/// order.
///
/// [#offer] never blocks: who sends may hold locks of the consensus, and the other side may be
/// frozen.
final class Link implements Closeable {

    private static final int QUEUE_MAX = 4096;

    private final Socket plain;
    private final Socket socket;
    private final String name;
    private final FrameCipher opening;
    private final FrameCipher sealing;
    private final BlockingQueue<Frame> outgoing = new LinkedBlockingQueue<>(QUEUE_MAX);
    private final InOrder received = new InOrder("raft-link-work");
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Thread writer;
    private volatile long heardNanos = System.nanoTime();

    /// Gets what comes in, on the link's reading thread.
    interface Receiver {
        void received(Frame frame) throws IOException;

        /// Called once, when the link is closed for whatever reason.
        void closed();
    }

    /// @param plain what `socket` runs over; the same without TLS
    Link(Socket plain, Socket socket, Handshake.Keys keys) {
        this.plain = plain;
        this.socket = socket;
        this.name = socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
        this.opening = FrameCipher.opening(keys.receiving());
        this.sealing = FrameCipher.sealing(keys.sending());
    }

    void start(Receiver receiver) {
        Thread writing = Thread.ofVirtual().name("raft-link-writer").unstarted(this::write);
        writer = writing;
        writing.start();
        Thread.ofVirtual().name("raft-link-reader").start(() -> read(receiver));
    }

    /// Queues a frame.
    ///
    /// @return false when the link is closed, or so far behind that it is given up
    boolean offer(Frame frame) {
        if (closed.get()) {
            return false;
        }
        if (!outgoing.offer(frame)) {
            close();
            return false;
        }
        return true;
    }

    private void write() {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 4096))) {
            while (!closed.get()) {
                Frame frame = outgoing.take();
                byte[] sealed = sealing.next(frame.bytes());
                out.writeInt(sealed.length);
                out.write(sealed);
                if (outgoing.isEmpty()) {
                    out.flush();
                }
            }
        } catch (IOException | InterruptedException _) {
            // The reading side tells who waits.
        } finally {
            close();
        }
    }

    private void read(Receiver receiver) {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(socket.getInputStream(), 4096))) {
            while (!closed.get()) {
                int length = in.readInt();
                if (length < Frame.HEAD + FrameCipher.TAG || length > Frame.MAX + FrameCipher.TAG) {
                    throw new IOException("a frame of " + length + " bytes");
                }
                byte[] sealed = new byte[length];
                in.readFully(sealed);
                heardNanos = System.nanoTime();
                receiver.received(Frame.of(opening.next(sealed)));
            }
        } catch (IOException _) {
            // A connection that is gone or garbled is closed; both sides know how to begin anew.
        } finally {
            close();
            receiver.closed();
        }
    }

    boolean isOpen() {
        return !closed.get();
    }

    /// How long nothing has come in.
    long silentNanos() {
        return System.nanoTime() - heardNanos;
    }

    /// For what has to be done in the order in which it came in, and takes a while.
    InOrder inOrder() {
        return received;
    }

    @Override
    public String toString() {
        return name;
    }

    /// Never blocks: a TLS socket would say goodbye first, and wait for a write that hangs.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                plain.close();
            } catch (IOException _) {
                // Nothing can be done about it.
            }
            Thread writing = writer;
            if (writing != null) {
                writing.interrupt();
            }
        }
    }
}
