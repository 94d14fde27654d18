package io.github.postern.ws.server;

import io.github.postern.ws.core.handshake.HandshakeRequest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The hosts by whose names the server may be called; every name if there are none. */
record AllowedHosts(Set<String> names) {
    /** A name or IPv4 address, or an IPv6 address in brackets; a port is not part of it. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+]");

    static AllowedHosts any() {
        return new AllowedHosts(Set.of());
    }

    /**
     * Some hosts.
     *
     * @throws IllegalArgumentException if there are none, which would allow all, or one is not a bare host name
     */
    static AllowedHosts of(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("no host named");
        }
        return new AllowedHosts(
                Arrays.stream(names).map(AllowedHosts::checked).collect(Collectors.toUnmodifiableSet()));
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a host name without a port: " + name);
        }
        return name.toLowerCase(Locale.ROOT);
    }

    boolean allows(HandshakeRequest request) {
        return names.isEmpty()
                || request.host()
                        .map(AllowedHosts::withoutPort)
                        .filter(names::contains)
                        .isPresent();
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        var name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        return name.toLowerCase(Locale.ROOT);
    }
}
