package demo;

import java.util.List;

/// Where a member lives.
///
/// @param address that others reach it by
/// @param enter the command that runs another one there; empty: right here
record Host(String address, List<String> enter) {

    static final Host LOOPBACK = new Host("127.0.0.1", List.of());

    Host {
        enter = List.copyOf(enter);
    }

    String at(int port) {
        return address + ":" + port;
    }
}
