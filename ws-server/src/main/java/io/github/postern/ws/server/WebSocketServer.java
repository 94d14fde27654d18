package io.github.postern.ws.server;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket server: each connection is handled by plain blocking code on a virtual thread of its own.
 *
 * {@snippet :
 * try (var server = WebSocketServer.builder()
 *         .port(8080)
 *         .path("/echo", ws -> {
 *             for (var message : ws) {
 *                 ws.send(message);
 *             }
 *         })
 *         .start()) {
 *     server.awaitEnd();
 * }
 * }
 */
public final class WebSocketServer implements AutoCloseable {
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

    private final AcceptLoop loop;

    private WebSocketServer(AcceptLoop loop) {
        this.loop = loop;
    }

    /** Starts to describe a server. */
    public static Builder builder() {
        return new Builder();
    }

    /** The port that the server listens on: the one that was asked for, or the one it was given for 0. */
    public int port() {
        return loop.address().getPort();
    }

    /** The address that the server listens on. */
    public InetSocketAddress address() {
        return loop.address();
    }

    /** The open connections, as an unmodifiable live view: safe to iterate while they come and go. */
    public Collection<WebSocket> connections() {
        return Collections.unmodifiableCollection(loop.connections());
    }

    /**
     * Waits until the server has been shut down by another thread.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void awaitEnd() throws InterruptedException {
        loop.awaitEnd();
    }

    /**
     * Stops listening, closes every connection with a status, and waits for the handlers to return. What has not ended
     * after the grace is aborted and its thread interrupted.
     *
     * @param grace how long to wait; zero or negative aborts at once
     * @param status what the peers are told
     * @throws IllegalArgumentException if the status must not be sent (RFC 6455 §7.4)
     */
    public void shutdown(Duration grace, CloseStatus status) {
        if (!status.isSendable()) {
            throw new IllegalArgumentException("status must not be sent: " + status.code());
        }
        loop.shutdown(grace, status);
    }

    /** Shuts down with {@link CloseStatus#GOING_AWAY} and 5 s of grace. Does nothing the second time. */
    @Override
    public void close() {
        shutdown(CLOSE_GRACE, CloseStatus.GOING_AWAY);
    }

    /** Describes a server. For one thread; may start several servers. */
    public static final class Builder {
        private static final int BACKLOG = 1024;

        private int port;
        private @Nullable InetAddress host;
        private @Nullable SSLContext sslContext;
        private OriginPolicy originPolicy = OriginPolicy.sameOrigin();
        private ServerOptions options = ServerOptions.defaults();
        private @Nullable Function<HandshakeRequest, HandshakeResponse> plainRequests;
        private @Nullable PerMessageDeflate deflate;
        private final Map<String, Route> routes = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Listens on a port.
         *
         * @param value 1 to 65,535, or 0, the default, for any free one
         * @throws IllegalArgumentException if the value is out of range
         */
        public Builder port(int value) {
            if (value < 0 || value > 65_535) {
                throw new IllegalArgumentException("port out of range: " + value);
            }
            port = value;
            return this;
        }

        /** Listens on one address of this machine; on all of them by default. */
        public Builder host(InetAddress value) {
            host = value;
            return this;
        }

        /**
         * Handles the connections to a path.
         *
         * @param path the path, from its slash on, without query; matched exactly after percent-decoding
         * @param handler called for each connection on its own thread; 1000 is sent when it returns, 1011 when it throws
         * @param subprotocols what the server speaks there, the preferred one first; the first that the client offers is agreed
         * @throws IllegalArgumentException if the path does not begin with a slash, holds one of <code>{}*?#</code>, or is taken, or a
         *     subprotocol is not a token or named twice
         */
        public Builder path(String path, ConnectionHandler<? super WebSocket> handler, String... subprotocols) {
            if (!path.startsWith("/") || path.chars().anyMatch(c -> "{}*?#".indexOf(c) >= 0)) {
                throw new IllegalArgumentException("not a plain path: " + path);
            }
            if (routes.putIfAbsent(path, Route.of(handler, List.of(subprotocols))) != null) {
                throw new IllegalArgumentException("path is taken: " + path);
            }
            return this;
        }

        /** Speaks TLS with this context's keys; plain TCP by default. */
        public Builder tls(SSLContext context) {
            sslContext = context;
            return this;
        }

        /** Decides which pages may connect; {@link OriginPolicy#sameOrigin} by default. */
        public Builder originPolicy(OriginPolicy policy) {
            originPolicy = policy;
            return this;
        }

        /** Sets limits and timeouts. */
        public Builder options(ServerOptions value) {
            options = value;
            return this;
        }

        /**
         * Compresses messages for clients that offer permessage-deflate (RFC 7692); without it nothing is compressed. Which messages,
         * and with what effort, is among the {@linkplain io.github.postern.ws.connection.ConnectionOptions#deflate options}.
         */
        public Builder deflate(PerMessageDeflate value) {
            deflate = value;
            return this;
        }

        /**
         * Answers GET requests that do not ask for a WebSocket: a page, a health check. Without it they are answered
         * 426 on a WebSocket's path and 404 elsewhere. Each request is answered on its own connection, which is then closed.
         *
         * @param handler called on the connection's thread; if it throws, the answer is 500
         */
        public Builder plainRequests(Function<HandshakeRequest, HandshakeResponse> handler) {
            plainRequests = handler;
            return this;
        }

        /**
         * Binds the port and begins to accept.
         *
         * @throws IllegalStateException if no path was given
         * @throws IOException if the port is taken, or cannot be bound for another reason
         */
        public WebSocketServer start() throws IOException {
            if (routes.isEmpty()) {
                throw new IllegalStateException("no path to serve");
            }
            var socket = new ServerSocket();
            try {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(host, port), BACKLOG);
            } catch (IOException e) {
                socket.close();
                throw new IOException("cannot listen on port " + port + ": " + e.getMessage(), e);
            }
            var offered = new LinkedHashMap<>(routes);
            if (deflate != null) {
                var agreeable = deflate;
                offered.replaceAll((path, route) -> route.compressed(agreeable));
            }
            var policy = new Reception(Map.copyOf(offered), originPolicy, plainRequests, sslContext != null);
            var loop = new AcceptLoop(socket, sslContext, policy, options);
            loop.start();
            return new WebSocketServer(loop);
        }
    }
}
