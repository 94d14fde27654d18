package io.github.postern.ws.client;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.handshake.ExtensionOffer;
import io.github.postern.ws.core.handshake.Headers;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Opens WebSocket connections. Immutable; any number of threads may use one client for any number of connections.
 *
 * {@snippet :
 * try (var ws = WebSocketClient.create().connect(URI.create("ws://localhost:8080/echo"))) {
 *     ws.send("hello");
 *     System.out.println(ws.receive());
 * }
 * }
 */
public final class WebSocketClient {
    private final Headers headers;
    private final List<String> subprotocols;
    private final List<ExtensionOffer> extensions;
    private final Duration connectTimeout;
    private final ConnectionOptions options;
    private final @Nullable SSLContext sslContext;

    private WebSocketClient(Builder builder) {
        headers = builder.headers;
        subprotocols = builder.subprotocols;
        extensions = builder.extensions;
        connectTimeout = builder.connectTimeout;
        options = builder.options;
        sslContext = builder.sslContext;
    }

    /** A client with the defaults of {@link Builder}. */
    public static WebSocketClient create() {
        return builder().build();
    }

    /** Starts to describe a client. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Connects and shakes hands, blocking for at most the connect timeout. Certificate and host name of a {@code wss} server are
     * verified. Redirects are not followed.
     *
     * @param uri {@code ws} or {@code wss}, with a host and no fragment (RFC 6455 §3)
     * @return the connection, open
     * @throws IllegalArgumentException if the URI is not such a URI
     * @throws HandshakeRejectedException if the server answered with something else than a WebSocket
     * @throws java.net.SocketTimeoutException if the connect timeout passed
     * @throws IOException if the network or TLS fails
     */
    public WebSocket connect(URI uri) throws IOException {
        var attempt = new Opening(uri, headers, subprotocols, extensions, options, sslContext);
        return attempt.run(connectTimeout);
    }

    /**
     * Connects as {@link #connect(URI)}, and handles the connection on a virtual thread of its own: the way to use a
     * {@link io.github.postern.ws.connection.WebSocketListener}.
     *
     * @param uri as for {@link #connect(URI)}
     * @param handler called with the connection; 1000 is sent when it returns, 1011 when it throws
     * @return the connection, open, for sending and closing; the handler receives
     * @throws IllegalArgumentException as {@link #connect(URI)}
     * @throws IOException as {@link #connect(URI)}
     */
    public WebSocket connect(URI uri, ConnectionHandler<? super WebSocket> handler) throws IOException {
        var connection = connect(uri);
        Thread.ofVirtual().name("postern-client-connection").start(() -> handler.serve(connection));
        return connection;
    }

    /** Describes a client. For one thread; may build several clients. */
    public static final class Builder {
        private Headers headers = Headers.of();
        private List<String> subprotocols = List.of();
        private List<ExtensionOffer> extensions = List.of();
        private Duration connectTimeout = Duration.ofSeconds(10);
        private ConnectionOptions options = ConnectionOptions.defaults();
        private @Nullable SSLContext sslContext;

        private Builder() {}

        /**
         * Sends one more header field with the handshake, for instance {@code Authorization}, {@code Cookie} or {@code Origin}.
         *
         * @throws IllegalArgumentException if name or value cannot stand in a request
         */
        public Builder header(String name, String value) {
            headers = headers.with(name, value);
            return this;
        }

        /** Offers subprotocols, the preferred one first; none by default. */
        public Builder subprotocols(String... names) {
            subprotocols = List.of(names);
            return this;
        }

        /**
         * Offers permessage-deflate (RFC 7692); without it nothing is compressed. Which messages, and with what effort, is among the
         * {@linkplain ConnectionOptions#deflate options}.
         */
        public Builder deflate(PerMessageDeflate value) {
            extensions = List.of(value);
            return this;
        }

        /**
         * Bounds name resolution, connecting, TLS and handshake together; 10 s by default.
         *
         * @throws IllegalArgumentException if the time is not between 1 ms and 1 h
         */
        public Builder connectTimeout(Duration value) {
            if (value.toMillis() < 1 || value.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("connectTimeout out of range: " + value);
            }
            connectTimeout = value;
            return this;
        }

        /** Sets limits and timeouts of the connections. */
        public Builder options(ConnectionOptions value) {
            options = value;
            return this;
        }

        /** Uses this context's trust and keys for {@code wss}; the JDK's default ones otherwise. */
        public Builder sslContext(SSLContext value) {
            sslContext = value;
            return this;
        }

        /**
         * The client.
         *
         * @throws IllegalArgumentException if a header field belongs to the handshake itself, or a subprotocol is not a
         *     token or is named twice
         */
        public WebSocketClient build() {
            Opening.check(headers, subprotocols);
            return new WebSocketClient(this);
        }
    }
}
