package io.tamada.rest;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A set of addresses and networks.
record Networks(List<Network> all) {

    Networks {
        all = List.copyOf(all);
    }

    /// @param prefixBits how many leading bits must be equal
    record Network(InetAddress base, int prefixBits) {

        boolean contains(InetAddress address) {
            byte[] mine = base.getAddress();
            byte[] theirs = address.getAddress();
            if (mine.length != theirs.length) {
                return false;
            }
            int whole = prefixBits / Byte.SIZE;
            for (int i = 0; i < whole; i++) {
                if (mine[i] != theirs[i]) {
                    return false;
                }
            }
            int rest = prefixBits % Byte.SIZE;
            int mask = (0xFF << (Byte.SIZE - rest)) & 0xFF;
            return rest == 0 || (mine[whole] & mask) == (theirs[whole] & mask);
        }
    }

    boolean contains(InetAddress address) {
        return all.stream().anyMatch(network -> network.contains(address));
    }

    /// Reads the allowlist; names are looked up once, here.
    ///
    /// @param problems gets a sentence for every entry that can't be used
    static Networks resolve(List<String> entries, List<String> problems) {
        List<Network> result = new ArrayList<>();
        for (String entry : entries) {
            Network literal = literal(entry);
            if (literal != null) {
                result.add(literal);
                continue;
            }
            if (entry.indexOf('/') >= 0) {
                problems.add(
                        "restapi.allowlist: '"
                                + entry
                                + "' is not a network of the form 10.0.0.0/8");
                continue;
            }
            try {
                for (InetAddress address : InetAddress.getAllByName(entry)) {
                    result.add(single(address));
                }
            } catch (UnknownHostException e) {
                problems.add(
                        "restapi.allowlist: '"
                                + entry
                                + "' is no address, no network and no name that resolves");
            }
        }
        return new Networks(result);
    }

    /// An address or a network in CIDR form; null when it is neither.
    static @Nullable Network literal(String text) {
        int slash = text.indexOf('/');
        InetAddress base = address(slash < 0 ? text : text.substring(0, slash));
        if (base == null) {
            return null;
        }
        if (slash < 0) {
            return single(base);
        }
        String digits = text.substring(slash + 1);
        int bitsMax = base.getAddress().length * Byte.SIZE;
        int bits = digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : bitsMax + 1;
        return bits > bitsMax ? null : new Network(base, bits);
    }

    /// A literal address; null for a name, which is not looked up.
    static @Nullable InetAddress address(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static Network single(InetAddress address) {
        return new Network(address, address.getAddress().length * Byte.SIZE);
    }
}
