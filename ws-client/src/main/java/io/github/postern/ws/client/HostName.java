package io.github.postern.ws.client;

import java.net.URI;

/** What a host name says about itself. */
final class HostName {
    private HostName() {}

    /** The host of a URI that has one; an IPv6 address without brackets and with its zone as Java wants it. */
    static String of(URI uri) {
        var host = uri.getHost();
        return host.startsWith("[")
                ? host.substring(1, host.length() - 1).replace("%25", "%") // RFC 6874 §2
                : host;
    }

    /** Whether it is an IP address, which TLS must not name as a server (RFC 6066 §3) and nobody needs to look up. */
    static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || isNumber(host.substring(host.lastIndexOf('.') + 1));
    }

    private static boolean isNumber(String label) {
        return !label.isEmpty() && label.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * Without what means something on this host only: the zone of an IPv6 address, the dot that ends an absolute
     * name.
     */
    static String canonical(String host) {
        int zone = host.indexOf('%');
        if (zone >= 0) {
            return host.substring(0, zone);
        }
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** Host and port as an authority: an IPv6 address in brackets and without its zone. */
    static String withPort(String host, int port) {
        return (host.indexOf(':') >= 0 ? '[' + canonical(host) + ']' : host) + ':' + port;
    }
}
