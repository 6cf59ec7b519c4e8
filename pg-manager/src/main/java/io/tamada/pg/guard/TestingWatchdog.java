package io.tamada.pg.guard;

import java.io.IOException;

/// Writes in a file or a pipe what a kernel's watchdog would be told: `Ctimeout=N` and a line end,
/// `1` for a keepalive, `V` before it is closed.
final class TestingWatchdog implements WatchdogDevice {

    /// What a kernel's watchdog has when nobody has said anything.
    private static final int UNTOLD = 60;

    private final DeviceFile file;
    private int timeout = UNTOLD;

    TestingWatchdog(DeviceFile file) {
        this.file = file;
    }

    @Override
    public boolean canSetTimeout() {
        return true;
    }

    @Override
    public void setTimeout(int seconds) throws IOException {
        file.write("Ctimeout=" + seconds + "\n");
        timeout = seconds;
    }

    @Override
    public int timeout() {
        return timeout;
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
        return true;
    }

    @Override
    public void abandon() {
        file.close();
    }
}
