package io.github.postern.ws.client;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses of this host that nobody has to look up. */
final class Loopback {
    /** Where the peers listen. */
    static final InetAddress FIRST = at(127, 0, 0, 1);

    /** Where nobody listens unless a test does. */
    static final InetAddress SECOND = at(127, 0, 0, 2);

    static final InetAddress IPV6 = at(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

    private Loopback() {}

    private static InetAddress at(int... bytes) {
        var address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
