package io.tamada.agent.doctor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;

/// The address column of `pg_hba.conf`.
final class Network {

    private static final Set<String> WORDS = Set.of("all", "samehost", "samenet");
    private static final String NUMBERS = "[0-9a-fA-F:.]+(/[0-9.]+)?";

    private Network() {}

    /// Whether a text can stand there.
    static boolean isAddress(String text) {
        if (WORDS.contains(text)) {
            return true;
        }
        if (!text.matches(NUMBERS) || !(text.contains(".") || text.contains(":"))) {
            return text.matches("\\.?[A-Za-z0-9_]([A-Za-z0-9_.-]*)?") && !text.contains("/");
        }
        int slash = text.indexOf('/');
        if (slash < 0) {
            // PostgreSQL wants a length or a mask beside a bare address.
            return false;
        }
        try {
            int bytes = InetAddress.getByName(text.substring(0, slash)).getAddress().length;
            String length = text.substring(slash + 1);
            return length.contains(".")
                    ? bytes == 4
                    : length.length() <= 3 && Integer.parseInt(length) <= bytes * 8;
        } catch (UnknownHostException | NumberFormatException e) {
            return false;
        }
    }

    static boolean isEverywhere(String text) {
        return text.equals("all") || text.endsWith("/0") || text.endsWith("/0.0.0.0");
    }

    /// Whether a host may be in it; true where that can't be told here.
    static boolean mayHold(String text, String host) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return WORDS.contains(text)
                    || text.startsWith(".")
                    || text.equals(host)
                    || sameAddress(text, host);
        }
        try {
            byte[] net = InetAddress.getByName(text.substring(0, slash)).getAddress();
            byte[] mask = mask(text.substring(slash + 1), net.length);
            InetAddress[] addresses = InetAddress.getAllByName(host);
            return Arrays.stream(addresses)
                    .anyMatch(address -> isWithin(address.getAddress(), net, mask));
        } catch (UnknownHostException e) {
            return true;
        }
    }

    private static boolean sameAddress(String name, String host) {
        try {
            InetAddress[] named = InetAddress.getAllByName(name);
            InetAddress[] hosts = InetAddress.getAllByName(host);
            return Arrays.stream(named).anyMatch(Arrays.asList(hosts)::contains);
        } catch (UnknownHostException e) {
            return true;
        }
    }

    private static byte[] mask(String text, int bytes) throws UnknownHostException {
        if (text.contains(".")) {
            return InetAddress.getByName(text).getAddress();
        }
        byte[] mask = new byte[bytes];
        int bits = Integer.parseInt(text);
        for (int i = 0; i < bits; i++) {
            mask[i / 8] |= (byte) (0x80 >> (i % 8));
        }
        return mask;
    }

    private static boolean isWithin(byte[] address, byte[] net, byte[] mask) {
        if (address.length != net.length || mask.length != net.length) {
            return false;
        }
        for (int i = 0; i < net.length; i++) {
            if ((address[i] & mask[i]) != (net[i] & mask[i])) {
                return false;
            }
        }
        return true;
    }
}
