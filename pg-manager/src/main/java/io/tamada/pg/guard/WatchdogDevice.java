package io.tamada.pg.guard;

import java.io.IOException;
import java.nio.file.Path;

/// An open watchdog: it counts from the moment it is opened, and from each keepalive anew.
interface WatchdogDevice {

    /// @throws IOException when the watchdog can't be had, with the reason
    static WatchdogDevice open(WatchdogSettings.Driver driver, Path device) throws IOException {
        DeviceFile file = DeviceFile.open(device);
        return switch (driver) {
            case LINUX -> new KernelWatchdog(file);
            case TESTING -> new TestingWatchdog(file);
        };
    }

    /// Whether it can be told when to fire.
    boolean canSetTimeout();

    /// Sets after how many seconds it fires, or the nearest that the device is able to.
    void setTimeout(int seconds) throws IOException;

    /// After how many seconds it fires.
    int timeout() throws IOException;

    /// It counts anew.
    void keepAlive() throws IOException;

    /// Stops it and closes the device.
    ///
    /// @return false when this device goes on counting, since nothing stops it
    boolean disarm() throws IOException;

    /// Closes the device and lets it count on.
    void abandon();
}
