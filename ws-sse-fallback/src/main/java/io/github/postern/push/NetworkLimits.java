package io.github.postern.push;

import java.time.Duration;

/**
 * How many network connections a {@link PushServer} has, and how long they may say nothing of use; {@link PushServer.Builder} has the words for users.
 *
 * @param handshakeTimeout from the acceptance of a connection to the end of its first request's head, and from the first byte of each later head to its end
 * @param maxConnections in all
 * @param maxConnectionsPerAddress of them from one address
 */
record NetworkLimits(Duration handshakeTimeout, int maxConnections, int maxConnectionsPerAddress) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    static final NetworkLimits DEFAULTS = new NetworkLimits(Duration.ofSeconds(10), 10_000, 2_000);

    NetworkLimits {
        if (handshakeTimeout.compareTo(SHORTEST) < 0 || handshakeTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("handshakeTimeout out of range: " + handshakeTimeout);
        }
        check("maxConnections", maxConnections);
        check("maxConnectionsPerAddress", maxConnectionsPerAddress);
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " out of range: " + value);
        }
    }

    NetworkLimits withHandshakeTimeout(Duration value) {
        return new NetworkLimits(value, maxConnections, maxConnectionsPerAddress);
    }

    NetworkLimits withMaxConnections(int value) {
        return new NetworkLimits(handshakeTimeout, value, maxConnectionsPerAddress);
    }

    NetworkLimits withMaxConnectionsPerAddress(int value) {
        return new NetworkLimits(handshakeTimeout, maxConnections, value);
    }
}
