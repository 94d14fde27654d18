package io.github.postern.ws.server;

import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.core.handshake.HeadLimits;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Limits and timeouts of a server. Timeouts are watched by one thread of the server, and so may fire late by an eighth, at most by 250 ms.
 *
 * <p>Who is turned away is answered 503 with {@code Retry-After}; not over TLS, where the answer would cost a TLS handshake, and not when
 * as many are being answered so as there may be handshakes: then the socket is just closed. Who is turned away is not counted.
 *
 * @param connection those of each connection
 * @param head limits of the handshake's request
 * @param handshakeTimeout how long TLS and the opening handshake may take together, with what an {@link UpgradePolicy} needs, as an absolute
 *     deadline; 10 s by default; 1 ms to 1 h. The socket is then closed.
 * @param maxConnections how many sockets may be open at once; 10,000 by default; at least 1. More are turned away.
 * @param maxConnectionsPerAddress how many of them may come from one address; 100 by default; at least 1. More are turned away. An IPv6 address
 *     counts as its /64, of which one block has all.
 * @param maxHandshakes how many of them may be in their handshake; 512 by default; at least 1. More are turned away.
 * @param backlog how many connections the system may keep until they are accepted; 1,024 by default; 1 to 65,535. The system may have a lower
 *     limit.
 * @param maxLifetime after what time a connection is closed with 1001, give or take a random tenth; zero, the default, never closes it; otherwise 1 ms
 *     to 365 days
 */
public record ServerOptions(
        ConnectionOptions connection,
        HeadLimits head,
        Duration handshakeTimeout,
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxHandshakes,
        int backlog,
        Duration maxLifetime) {

    private static final ServerOptions DEFAULTS = new ServerOptions(
            ConnectionOptions.defaults(),
            HeadLimits.defaults(),
            Duration.ofSeconds(10),
            10_000,
            100,
            512,
            1024,
            Duration.ZERO);

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public ServerOptions {
        check("handshakeTimeout", handshakeTimeout, Duration.ofHours(1));
        check("maxConnections", maxConnections, Integer.MAX_VALUE);
        check("maxConnectionsPerAddress", maxConnectionsPerAddress, Integer.MAX_VALUE);
        check("maxHandshakes", maxHandshakes, Integer.MAX_VALUE);
        check("backlog", backlog, 65_535);
        if (!maxLifetime.isZero()) {
            check("maxLifetime", maxLifetime, Duration.ofDays(365));
        }
    }

    private static void check(String name, Duration value, Duration longest) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(longest) > 0) {
            throw new IllegalArgumentException(name + " out of range: " + value);
        }
    }

    private static void check(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + " out of range: " + value);
        }
    }

    /** {@return the documented defaults} */
    public static ServerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * {@return these options with another {@link #connection}}
     *
     * @param connection the new ones
     */
    public ServerOptions withConnection(ConnectionOptions connection) {
        return with(draft -> draft.connection = connection);
    }

    /**
     * {@return these options with another {@link #head}}
     *
     * @param head the new ones
     */
    public ServerOptions withHead(HeadLimits head) {
        return with(draft -> draft.head = head);
    }

    /**
     * {@return these options with another {@link #handshakeTimeout}}
     *
     * @param handshakeTimeout the new value, of the unit and range of {@link #handshakeTimeout}
     * @throws IllegalArgumentException if it is out of range
     */
    public ServerOptions withHandshakeTimeout(Duration handshakeTimeout) {
        return with(draft -> draft.handshakeTimeout = handshakeTimeout);
    }

    /**
     * {@return these options with another {@link #maxConnections}}
     *
     * @param maxConnections the new value, of the unit and range of {@link #maxConnections}
     * @throws IllegalArgumentException if it is out of range
     */
    public ServerOptions withMaxConnections(int maxConnections) {
        return with(draft -> draft.maxConnections = maxConnections);
    }

    /**
     * {@return these options with another {@link #maxConnectionsPerAddress}}
     *
     * @param maxConnectionsPerAddress the new value, of the unit and range of {@link #maxConnectionsPerAddress}
     * @throws IllegalArgumentException if it is out of range
     */
    public ServerOptions withMaxConnectionsPerAddress(int maxConnectionsPerAddress) {
        return with(draft -> draft.maxConnectionsPerAddress = maxConnectionsPerAddress);
    }

    /**
     * {@return these options with another {@link #maxHandshakes}}
     *
     * @param maxHandshakes the new value, of the unit and range of {@link #maxHandshakes}
     * @throws IllegalArgumentException if it is out of range
     */
    public ServerOptions withMaxHandshakes(int maxHandshakes) {
        return with(draft -> draft.maxHandshakes = maxHandshakes);
    }

    /**
     * {@return these options with another {@link #backlog}}
     *
     * @param backlog the new value, of the unit and range of {@link #backlog}
     * @throws IllegalArgumentException if it is out of range
     */
    public ServerOptions withBacklog(int backlog) {
        return with(draft -> draft.backlog = backlog);
    }

    /**
     * {@return these options with another {@link #maxLifetime}}
     *
     * @param maxLifetime the new value, of the unit and range of {@link #maxLifetime}
     * @throws IllegalArgumentException if it is out of range
     */
    public ServerOptions withMaxLifetime(Duration maxLifetime) {
        return with(draft -> draft.maxLifetime = maxLifetime);
    }

    private ServerOptions with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** Options being changed. */
    private static final class Draft {
        private ConnectionOptions connection;
        private HeadLimits head;
        private Duration handshakeTimeout;
        private int maxConnections;
        private int maxConnectionsPerAddress;
        private int maxHandshakes;
        private int backlog;
        private Duration maxLifetime;

        Draft(ServerOptions from) {
            connection = from.connection;
            head = from.head;
            handshakeTimeout = from.handshakeTimeout;
            maxConnections = from.maxConnections;
            maxConnectionsPerAddress = from.maxConnectionsPerAddress;
            maxHandshakes = from.maxHandshakes;
            backlog = from.backlog;
            maxLifetime = from.maxLifetime;
        }

        ServerOptions options() {
            return new ServerOptions(
                    connection,
                    head,
                    handshakeTimeout,
                    maxConnections,
                    maxConnectionsPerAddress,
                    maxHandshakes,
                    backlog,
                    maxLifetime);
        }
    }
}
