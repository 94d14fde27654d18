package io.github.postern.push;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Whom limits per address count as one: an IPv4 address, or an IPv6 /64, all of which one customer mostly has. */
record AddressBlock(Object key) {
    static AddressBlock of(InetAddress address) {
        return new AddressBlock(
                address instanceof Inet6Address
                        ? (Object) ByteBuffer.wrap(address.getAddress()).getLong()
                        : address.getHostAddress());
    }

    /** Of a container's remote address: a literal, or whatever a proxy has told instead of one, which then counts by itself. */
    static AddressBlock of(String remoteAddress) {
        if (remoteAddress.indexOf(':') < 0) {
            return new AddressBlock(remoteAddress);
        }
        try {
            return of(InetAddress.getByName(withoutZone(remoteAddress))); // with a colon in it no name is looked up
        } catch (UnknownHostException e) {
            return new AddressBlock(remoteAddress); // no address at all
        }
    }

    /** The zone names an interface of this machine, which may be gone meanwhile. */
    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        if (zone < 0) {
            return address;
        }
        return address.startsWith("[") ? address.substring(0, zone) + "]" : address.substring(0, zone);
    }
}
