package io.tamada.pg.guard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Linux' interface of a watchdog: `linux/watchdog.h`.
final class KernelWatchdog implements WatchdogDevice {

    private static final long GET_SUPPORT = 0x80285700L;
    private static final long SET_TIMEOUT = 0xC0045706L;
    private static final long GET_TIMEOUT = 0x80045707L;

    /// Options, the firmware's version, a name of 32 bytes.
    private static final int SUPPORT_BYTES = 40;

    private static final int CAN_SET_TIMEOUT = 0x0080;
    private static final int MAGIC_CLOSE = 0x0100;

    private final DeviceFile file;
    private final int options;

    /// @throws IOException when this is no watchdog; the file is closed then
    KernelWatchdog(DeviceFile file) throws IOException {
        this.file = file;
        ByteBuffer support = ByteBuffer.allocate(SUPPORT_BYTES).order(ByteOrder.nativeOrder());
        try {
            file.control(GET_SUPPORT, support);
        } catch (IOException e) {
            file.close();
            throw new IOException("it is no watchdog: " + e.getMessage(), e);
        }
        options = support.getInt(0);
    }

    @Override
    public boolean canSetTimeout() {
        return (options & CAN_SET_TIMEOUT) != 0;
    }

    @Override
    public void setTimeout(int seconds) throws IOException {
        file.control(SET_TIMEOUT, number().putInt(0, seconds));
    }

    @Override
    public int timeout() throws IOException {
        ByteBuffer seconds = number();
        file.control(GET_TIMEOUT, seconds);
        return seconds.getInt(0);
    }

    private static ByteBuffer number() {
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
    }

    @Override
    public void keepAlive() throws IOException {
        file.write("1");
    }

    @Override
    public boolean disarm() throws IOException {
        try {
            file.write("V");
        } finally {
            file.close();
        }
        return (options & MAGIC_CLOSE) != 0;
    }

    @Override
    public void abandon() {
        file.close();
    }
}
