package io.tamada.pg.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A unix-domain connection in the clothes of a [Socket], with read timeouts.
final class UnixSocket extends Socket {

    private final Path path;
    private @Nullable SocketChannel channel;
    private @Nullable Selector readable;
    private @Nullable Selector writable;
    private volatile int timeoutMillis;
    private volatile boolean closed;

    UnixSocket(Path path) {
        this.path = path;
    }

    @Override
    public void connect(SocketAddress ignored) throws IOException {
        connect(ignored, 0);
    }

    @Override
    public void connect(SocketAddress ignored, int timeout) throws IOException {
        // Connecting to a local socket either works at once or fails; a full backlog blocks no
        // longer than the server.
        SocketChannel made = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            made.connect(UnixDomainSocketAddress.of(path));
            made.configureBlocking(false);
            Selector in = Selector.open();
            Selector out = Selector.open();
            made.register(in, SelectionKey.OP_READ);
            made.register(out, SelectionKey.OP_WRITE);
            readable = in;
            writable = out;
            channel = made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    private SocketChannel open() throws SocketException {
        SocketChannel open = channel;
        if (open == null || closed) {
            throw new SocketException("the socket is closed");
        }
        return open;
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                ByteBuffer target = ByteBuffer.wrap(buffer, offset, length);
                int n = open().read(target);
                while (n == 0 && length > 0) {
                    await(readable, timeoutMillis);
                    n = open().read(target);
                }
                return n;
            }

            @Override
            public int available() {
                return 0;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                ByteBuffer source = ByteBuffer.wrap(buffer, offset, length);
                while (source.hasRemaining()) {
                    if (open().write(source) == 0) {
                        await(writable, timeoutMillis);
                    }
                }
            }
        };
    }

    private static void await(@Nullable Selector selector, int millis) throws IOException {
        if (selector == null) {
            throw new SocketException("the socket is not connected");
        }
        int ready = selector.select(millis);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new java.io.InterruptedIOException("interrupted while waiting for the server");
        }
        if (ready == 0 && millis > 0) {
            throw new SocketTimeoutException("no answer within " + millis + " ms");
        }
    }

    @Override
    public void setSoTimeout(int millis) {
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public void setReceiveBufferSize(int size) {}

    @Override
    public void setSendBufferSize(int size) {}

    @Override
    public int getSendBufferSize() {
        return 64 * 1024;
    }

    @Override
    public int getReceiveBufferSize() {
        return 64 * 1024;
    }

    @Override
    public boolean isConnected() {
        return channel != null;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public InetAddress getInetAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (channel != null) {
            channel.close();
        }
        if (readable != null) {
            readable.close();
        }
        if (writable != null) {
            writable.close();
        }
    }
}
