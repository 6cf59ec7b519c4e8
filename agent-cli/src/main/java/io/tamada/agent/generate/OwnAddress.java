package io.tamada.agent.generate;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;

/// This machine's name and the address that others probably reach it by.
record OwnAddress(String host, String ip) {

    /// The first address of the machine's name, IPv4 preferred.
    static OwnAddress find() {
        try {
            String host = InetAddress.getLocalHost().getHostName();
            String ip =
                    Arrays.stream(InetAddress.getAllByName(host))
                            .min(Comparator.comparing(each -> !(each instanceof Inet4Address)))
                            .map(InetAddress::getHostAddress)
                            .orElse(Template.UNFILLED);
            return new OwnAddress(host, ip.contains(":") ? "[" + ip + "]" : ip);
        } catch (UnknownHostException e) {
            return new OwnAddress(Template.UNFILLED, Template.UNFILLED);
        }
    }
}
