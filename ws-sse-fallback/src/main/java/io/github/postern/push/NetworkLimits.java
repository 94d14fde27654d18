package io.github.postern.push;

import java.time.Duration;

/**
 * How many network connections a {@link PushServer} has, and how long they may say nothing of use; {@link PushServer.Builder} has the words for users.
 *
 * @param handshakeTimeout from the acceptance of a connection to the end of its first request's head, and from the first byte of each later head to its end
 * @param maxConnections in all
 * @param maxConnectionsPerAddress of them from one address
 * @param backlog how many the system keeps until they are accepted
 */
record NetworkLimits(Duration handshakeTimeout, int maxConnections, int maxConnectionsPerAddress, int backlog) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int LARGEST_BACKLOG = 65_535;

    static final NetworkLimits DEFAULTS = new NetworkLimits(Duration.ofSeconds(10), 10_000, 2_000, 1_024);

    NetworkLimits {
        if (handshakeTimeout.compareTo(SHORTEST) < 0 || handshakeTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("handshakeTimeout out of range: " + handshakeTimeout);
        }
        check("maxConnections", maxConnections);
        check("maxConnectionsPerAddress", maxConnectionsPerAddress);
        check("backlog", backlog);
        if (backlog > LARGEST_BACKLOG) {
            throw new IllegalArgumentException("backlog out of range: " + backlog);
        }
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " out of range: " + value);
        }
    }

    NetworkLimits withHandshakeTimeout(Duration value) {
        return new NetworkLimits(value, maxConnections, maxConnectionsPerAddress, backlog);
    }

    NetworkLimits withMaxConnections(int value) {
        return new NetworkLimits(handshakeTimeout, value, maxConnectionsPerAddress, backlog);
    }

    NetworkLimits withMaxConnectionsPerAddress(int value) {
        return new NetworkLimits(handshakeTimeout, maxConnections, value, backlog);
    }

    NetworkLimits withBacklog(int value) {
        return new NetworkLimits(handshakeTimeout, maxConnections, maxConnectionsPerAddress, value);
    }
}
