package io.github.postern.ws.client;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.handshake.ExtensionOffer;
import io.github.postern.ws.core.handshake.Headers;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Opens WebSocket connections. Immutable; any number of threads may use one client for any number of connections.
 *
 * {@snippet class="io.github.postern.verify.examples.ClientExamplesTest" region="client" :
 * try (var ws = WebSocketClient.create().connect(URI.create("ws://localhost:8080/echo"))) {
 *     ws.send("hello");
 *     show(ws.receive());
 * }
 * }
 *
 * <p><b>One at a time.</b> A client opens one connection at a time to the same host and port (RFC 6455 §4.1): another
 * call waits until the first has its answer, and the wait counts against its timeout. Calls for different hosts or
 * ports, and those of different clients, do not wait for each other.
 *
 * <p><b>Addresses.</b> A host with several addresses is tried at all of them, IPv6 and IPv4 in turn, beginning with
 * the one that the operating system prefers (RFC 8305): each starts a little after the one before it, the first to
 * connect wins, the others are closed.
 */
public final class WebSocketClient {
    private final Settings settings;
    private final ConnectingSlots slots = new ConnectingSlots();

    private WebSocketClient(Settings settings) {
        this.settings = settings;
    }

    /** {@return a client with the defaults of {@link Builder}} */
    public static WebSocketClient create() {
        return builder().build();
    }

    /**
     * Starts to describe a client.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Connects and shakes hands, blocking for at most the connect timeout, on any kind of thread. Certificate and
     * host name of a {@code wss} server are verified, unless the builder was told otherwise.
     *
     * <p>An interrupt ends the attempt at once, on a platform thread too; the interrupt status stays set.
     *
     * @param uri {@code ws} or {@code wss}, with a host and no fragment (RFC 6455 §3)
     * @return the connection, open
     * @throws IllegalArgumentException if the URI is not such a URI
     * @throws HandshakeRejectedException if the server answered with something else than a WebSocket
     * @throws java.net.SocketTimeoutException if the connect timeout passed, or that of a proxy
     * @throws java.io.InterruptedIOException if the thread is interrupted (the exception for the timeout is one as
     *     well)
     * @throws java.net.UnknownHostException if the host has no address
     * @throws java.net.ConnectException if none of its addresses could be connected to
     * @throws ProxyException if a proxy refuses to connect to the server
     * @throws javax.net.ssl.SSLException if TLS fails, for instance because the certificate is not trusted or is for
     *     another host
     * @throws IOException if the network fails otherwise, or what answers does not speak HTTP
     */
    public WebSocket connect(URI uri) throws IOException {
        var target = Target.of(uri);
        return ConnectCall.within(
                settings.connectTimeout(), uri, sockets -> new Opening(settings, slots, sockets).open(target));
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

    /**
     * Starts to describe what keeps a WebSocket open and opens it again whenever it ends.
     *
     * @param uri as for {@link #connect(URI)}
     * @return a builder with the defaults
     * @throws IllegalArgumentException as {@link #connect(URI)}
     */
    public ReconnectingWebSocket.Builder reconnecting(URI uri) {
        var unused = Target.of(uri);
        return new ReconnectingWebSocket.Builder(this, uri);
    }

    /** How many connections are being opened, or wait for that. */
    int connecting() {
        return slots.users();
    }

    /** Describes a client. For one thread; may build several clients. */
    public static final class Builder {
        private static final int MAX_REDIRECTS = 5;

        private Headers headers = Headers.of();
        private List<String> subprotocols = List.of();
        private List<ExtensionOffer> extensions = List.of();
        private Duration connectTimeout = Duration.ofSeconds(10);
        private ConnectionOptions options = ConnectionOptions.defaults();
        private @Nullable SSLContext sslContext;
        private boolean verifyHostName = true;
        private UnaryOperator<Transport> transport = UnaryOperator.identity();
        private Resolver resolver = Resolver.SYSTEM;
        private Duration connectionAttemptDelay = Duration.ofMillis(250);
        private @Nullable ProxyServer proxy;
        private @Nullable ProxySelector proxySelector;
        private Duration proxyTimeout = Duration.ofSeconds(10);
        private int maxRedirects;
        private @Nullable CookieHandler cookieHandler;

        private Builder() {}

        /**
         * Sends one more header field with the handshake, for instance {@code Authorization}, {@code Cookie} or
         * {@code Origin}. The fields are for the origin of the URI that is connected to: a redirect to another origin
         * drops them.
         *
         * @param name the name of the field
         * @param value its value
         * @return this builder
         * @throws IllegalArgumentException if name or value cannot stand in a request
         */
        public Builder header(String name, String value) {
            headers = headers.with(name, value);
            return this;
        }

        /**
         * Offers subprotocols, the preferred one first; none by default.
         *
         * @param names tokens, each once
         * @return this builder
         */
        public Builder subprotocols(String... names) {
            subprotocols = List.of(names);
            return this;
        }

        /**
         * Offers permessage-deflate (RFC 7692); without it nothing is compressed. Which messages, and with what
         * effort, is among the {@linkplain ConnectionOptions#deflate options}.
         *
         * @param value what the client offers
         * @return this builder
         */
        public Builder deflate(PerMessageDeflate value) {
            extensions = List.of(value);
            return this;
        }

        /**
         * Bounds the whole of {@link WebSocketClient#connect(URI)}: waiting for another call, name resolution,
         * connecting, proxy, TLS, handshake and redirects together; 10 s by default.
         *
         * @param value 1 ms to 1 h
         * @return this builder
         * @throws IllegalArgumentException if the time is not between 1 ms and 1 h
         */
        public Builder connectTimeout(Duration value) {
            connectTimeout = requireBetween(Duration.ofMillis(1), Duration.ofHours(1), "connectTimeout", value);
            return this;
        }

        /**
         * How long an attempt to connect to one address of a host goes on before that for the next address starts
         * beside it (RFC 8305 §5, Connection Attempt Delay); 250 ms by default. An attempt that fails sooner lets the
         * next one start at once.
         *
         * @param value 10 ms to 2 s
         * @return this builder
         * @throws IllegalArgumentException if the time is not between 10 ms and 2 s (RFC 8305 §8)
         */
        public Builder connectionAttemptDelay(Duration value) {
            connectionAttemptDelay =
                    requireBetween(Duration.ofMillis(10), Duration.ofSeconds(2), "connectionAttemptDelay", value);
            return this;
        }

        /**
         * Sets limits and timeouts of the connections.
         *
         * @param value the limits and timeouts
         * @return this builder
         */
        public Builder options(ConnectionOptions value) {
            options = value;
            return this;
        }

        /**
         * Uses this context's trust and keys for {@code wss}; the JDK's default ones otherwise. Client certificates
         * are the keys of such a context.
         *
         * @param value with the trust and the keys
         * @return this builder
         */
        public Builder sslContext(SSLContext value) {
            sslContext = value;
            return this;
        }

        /**
         * Accepts a trusted certificate for whatever host it is: anybody who holds any such certificate can then
         * pretend to be the server. For servers that are reached by a name which their certificate does not have, and
         * whose certificate alone the {@linkplain #sslContext context} trusts.
         *
         * @return this builder
         */
        public Builder insecureSkipHostNameVerification() {
            verifyHostName = false;
            return this;
        }

        /**
         * Puts something between a connection and its bytes, for instance to show or to count them; nothing by default. The handshake passes through it, and
         * then the frames; TLS and what is said to a proxy do not.
         *
         * @param value returns what is used in the place of the {@link Transport} that it is given; called by a virtual thread within the connect timeout, once for each
         *     handshake. What it throws, {@link WebSocketClient#connect(URI)} throws.
         * @return this builder
         */
        public Builder transport(UnaryOperator<Transport> value) {
            transport = value;
            return this;
        }

        /**
         * Connects through this proxy, always; directly by default. Takes the place of a {@link #proxySelector}.
         *
         * @param value the proxy, with its credentials if it wants some
         * @return this builder
         */
        public Builder proxy(ProxyServer value) {
            proxy = value;
            proxySelector = null;
            return this;
        }

        /**
         * Asks this selector before each connection, with the {@code http} URI of a {@code ws} server and the
         * {@code https} URI of a {@code wss} server, as browsers do (RFC 6455 §4.1);
         * {@link ProxySelector#getDefault()} obeys the system properties. Its choices are tried in order until a proxy
         * can be reached, and it hears of those that cannot; a choice of no proxy is the last that is tried. The proxies get no
         * credentials. Takes the place of a {@link #proxy}.
         *
         * @param value called by a virtual thread within the connect timeout; what it throws,
         *     {@link WebSocketClient#connect(URI)} throws
         * @return this builder
         */
        public Builder proxySelector(ProxySelector value) {
            proxySelector = value;
            proxy = null;
            return this;
        }

        /**
         * Bounds each answer of an HTTP proxy and the handshake with a SOCKS proxy, within the connect timeout; 10 s
         * by default. The head of an answer may have 16 KiB.
         *
         * @param value 1 ms to 1 h
         * @return this builder
         * @throws IllegalArgumentException if the time is not between 1 ms and 1 h
         */
        public Builder proxyTimeout(Duration value) {
            proxyTimeout = requireBetween(Duration.ofMillis(1), Duration.ofHours(1), "proxyTimeout", value);
            return this;
        }

        /**
         * Follows redirects (301, 302, 303, 307, 308) to {@code ws} and {@code wss}, also written {@code http} and
         * {@code https}; none by default: they are refusals. Never from {@code wss} to {@code ws}. When scheme, host
         * or port change, every {@link #header} is dropped for good. A redirect that is not allowed, one too many and
         * one that was followed before is a {@link HandshakeRejectedException} that says so.
         *
         * @param max how many in a row, 0 to 5
         * @return this builder
         * @throws IllegalArgumentException if the number is out of range
         */
        public Builder followRedirects(int max) {
            if (max < 0 || max > MAX_REDIRECTS) {
                throw new IllegalArgumentException("followRedirects not between 0 and 5: " + max);
            }
            maxRedirects = max;
            return this;
        }

        /**
         * Takes cookies from this handler and gives it those that servers set, with acceptances and refusals alike;
         * no cookies by default. It is asked with the {@code http} URI of a {@code ws} server and the {@code https}
         * URI of a {@code wss} server, so that it can share cookies with HTTP requests. A {@code Cookie}
         * {@link #header} stays, in front of the handler's.
         *
         * @param value for instance a {@link java.net.CookieManager}; called by a virtual thread within the connect
         *     timeout; what it throws, {@link WebSocketClient#connect(URI)} throws
         * @return this builder
         */
        public Builder cookieHandler(CookieHandler value) {
            cookieHandler = value;
            return this;
        }

        /** Looks names up in another way: for tests. */
        Builder resolver(Resolver value) {
            resolver = value;
            return this;
        }

        /**
         * {@return the client}
         *
         * @throws IllegalArgumentException if a header field belongs to the handshake itself, or a subprotocol is not a
         *     token or is named twice
         */
        public WebSocketClient build() {
            var settings = new Settings(
                    headers,
                    subprotocols,
                    extensions,
                    connectTimeout,
                    options,
                    new Tls(sslContext, verifyHostName),
                    transport,
                    resolver,
                    connectionAttemptDelay,
                    proxy,
                    proxySelector,
                    proxyTimeout,
                    maxRedirects,
                    cookieHandler);
            Exchange.check(settings);
            return new WebSocketClient(settings);
        }

        private static Duration requireBetween(Duration least, Duration most, String name, Duration value) {
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new IllegalArgumentException(name + " out of range: " + value);
            }
            return value;
        }
    }
}
