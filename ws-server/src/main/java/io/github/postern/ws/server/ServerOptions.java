package io.github.postern.ws.server;

import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.core.handshake.HeadLimits;
import java.time.Duration;

/**
 * Limits and timeouts of a server.
 *
 * @param connection those of each connection
 * @param head limits of the handshake's request
 * @param handshakeTimeout how long TLS and the opening handshake may take together, as an absolute deadline; 10 s by default
 * @param maxConnections how many sockets may be open at once; 10,000 by default. More are answered 503.
 * @param maxConnectionsPerAddress how many of them may come from one address; 100 by default. More are answered 503.
 * @param maxHandshakes how many of them may be in their handshake; 512 by default. More are answered 503.
 */
public record ServerOptions(
        ConnectionOptions connection,
        HeadLimits head,
        Duration handshakeTimeout,
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxHandshakes) {

    private static final ServerOptions DEFAULTS = new ServerOptions(
            ConnectionOptions.defaults(), HeadLimits.defaults(), Duration.ofSeconds(10), 10_000, 100, 512);

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException if the timeout is not between 1 ms and 1 h, or a number is below 1
     */
    public ServerOptions {
        if (handshakeTimeout.toMillis() < 1 || handshakeTimeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("handshakeTimeout out of range: " + handshakeTimeout);
        }
        check("maxConnections", maxConnections);
        check("maxConnectionsPerAddress", maxConnectionsPerAddress);
        check("maxHandshakes", maxHandshakes);
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " below 1: " + value);
        }
    }

    /** The documented defaults. */
    public static ServerOptions defaults() {
        return DEFAULTS;
    }

    /** These options with another {@link #connection}. */
    public ServerOptions withConnection(ConnectionOptions connection) {
        return new ServerOptions(
                connection, head, handshakeTimeout, maxConnections, maxConnectionsPerAddress, maxHandshakes);
    }

    /** These options with another {@link #head}. */
    public ServerOptions withHead(HeadLimits head) {
        return new ServerOptions(
                connection, head, handshakeTimeout, maxConnections, maxConnectionsPerAddress, maxHandshakes);
    }

    /** These options with another {@link #handshakeTimeout}. */
    public ServerOptions withHandshakeTimeout(Duration handshakeTimeout) {
        return new ServerOptions(
                connection, head, handshakeTimeout, maxConnections, maxConnectionsPerAddress, maxHandshakes);
    }

    /** These options with another {@link #maxConnections}. */
    public ServerOptions withMaxConnections(int maxConnections) {
        return new ServerOptions(
                connection, head, handshakeTimeout, maxConnections, maxConnectionsPerAddress, maxHandshakes);
    }

    /** These options with another {@link #maxConnectionsPerAddress}. */
    public ServerOptions withMaxConnectionsPerAddress(int maxConnectionsPerAddress) {
        return new ServerOptions(
                connection, head, handshakeTimeout, maxConnections, maxConnectionsPerAddress, maxHandshakes);
    }

    /** These options with another {@link #maxHandshakes}. */
    public ServerOptions withMaxHandshakes(int maxHandshakes) {
        return new ServerOptions(
                connection, head, handshakeTimeout, maxConnections, maxConnectionsPerAddress, maxHandshakes);
    }
}
