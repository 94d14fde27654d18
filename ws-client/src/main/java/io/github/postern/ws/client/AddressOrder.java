package io.github.postern.ws.client;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The order in which addresses are tried (RFC 8305 §4). */
final class AddressOrder {
    private AddressOrder() {}

    /** Takes turns between the address families and begins with that of the first; the order within a family stays. */
    static List<InetAddress> interleaved(List<InetAddress> addresses) {
        var first = new ArrayDeque<InetAddress>();
        var second = new ArrayDeque<InetAddress>();
        for (var address : addresses) {
            boolean sameFamily = address.getClass() == addresses.getFirst().getClass();
            (sameFamily ? first : second).add(address);
        }
        var ordered = new ArrayList<InetAddress>(addresses.size());
        while (!first.isEmpty() || !second.isEmpty()) {
            for (var family : List.of(first, second)) {
                var next = family.poll();
                if (next != null) {
                    ordered.add(next);
                }
            }
        }
        return ordered;
    }
}
