package io.github.postern.ws.connection.testkit;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.Handshake;
import io.github.postern.ws.connection.TimeSource;
import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.connection.WebSocketConnection;
import io.github.postern.ws.core.Role;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.Headers;
import io.github.postern.ws.core.handshake.Negotiated;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A server's and a client's connection, open and joined in memory. */
public final class ConnectionPair implements AutoCloseable {
    private final WebSocket server;
    private final WebSocket client;
    private final @Nullable Thread handling;

    private ConnectionPair(WebSocket server, WebSocket client, @Nullable Thread handling) {
        this.server = server;
        this.client = client;
        this.handling = handling;
    }

    /** {@return a pair with the defaults of {@link Builder}} */
    public static ConnectionPair open() {
        return builder().open();
    }

    /**
     * {@return a pair with the defaults of {@link Builder}, of which the server's connection is handled}
     *
     * @param handler called with the server's connection on a virtual thread of its own, as a server does
     */
    public static ConnectionPair serve(ConnectionHandler<? super WebSocket> handler) {
        return builder().serve(handler);
    }

    /**
     * Starts to describe a pair.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the server's side} */
    public WebSocket server() {
        return server;
    }

    /** {@return the client's side} */
    public WebSocket client() {
        return client;
    }

    /**
     * Waits until the handler has returned and its connection has ended, if there is one. That waits for the client's answer to the Close, which comes when the client receives, or with time.
     *
     * @param timeout how long at most, by the machine's time even if the pair has a clock
     * @return whether it has, within the time
     * @throws InterruptedException if the calling thread is interrupted
     */
    public boolean awaitHandler(Duration timeout) throws InterruptedException {
        return handling == null || handling.join(timeout);
    }

    /** Aborts both sides, as far as they have not ended. Does not wait for the handler. */
    @Override
    public void close() {
        client.abort();
        server.abort();
    }

    /** Describes a pair. For one thread. */
    public static final class Builder {
        private ConnectionOptions serverOptions = ConnectionOptions.defaults();
        private ConnectionOptions clientOptions = ConnectionOptions.defaults();
        private String target = "/";
        private Headers headers = Headers.of("Host", "localhost");
        private Negotiated negotiated = Negotiated.nothing();
        private Map<String, String> pathParameters = Map.of();
        private final Map<String, Object> attributes = new HashMap<>();
        private UnaryOperator<Transport> serverFaults = UnaryOperator.identity();
        private UnaryOperator<Transport> clientFaults = UnaryOperator.identity();
        private TimeSource time = TimeSource.system();

        private Builder() {}

        /**
         * Sets limits and timeouts of both sides; the defaults otherwise.
         *
         * @param value the limits and timeouts of both sides
         * @return this builder
         */
        public Builder options(ConnectionOptions value) {
            return serverOptions(value).clientOptions(value);
        }

        /**
         * Sets limits and timeouts of the server's side.
         *
         * @param value those of the server's side
         * @return this builder
         */
        public Builder serverOptions(ConnectionOptions value) {
            serverOptions = value;
            return this;
        }

        /**
         * Sets limits and timeouts of the client's side.
         *
         * @param value those of the client's side
         * @return this builder
         */
        public Builder clientOptions(ConnectionOptions value) {
            clientOptions = value;
            return this;
        }

        /**
         * Sets the request's target, path and query; {@code /} by default.
         *
         * @param value for instance {@code /chat/lobby?name=x}
         * @param pathParameters what a server's path template would have matched
         * @return this builder
         */
        public Builder target(String value, Map<String, String> pathParameters) {
            target = value;
            this.pathParameters = Map.copyOf(pathParameters);
            return this;
        }

        /**
         * Adds a header field to the request.
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
         * Sets what the handshake agreed on; nothing by default.
         *
         * @param value a subprotocol, and extensions as {@link io.github.postern.ws.core.handshake.PerMessageDeflate#accept} returns them
         * @return this builder
         */
        public Builder negotiated(Negotiated value) {
            negotiated = value;
            return this;
        }

        /**
         * Puts something into the attributes of the server's side, as an upgrade policy does.
         *
         * @param name the name in the attributes
         * @param value what is kept there
         * @return this builder
         */
        public Builder attribute(String name, Object value) {
            attributes.put(name, value);
            return this;
        }

        /**
         * Puts something between the server's side and the wire, for instance {@code FaultyTransport::new}.
         *
         * @param value given what carries the bytes, returns what takes its place
         * @return this builder
         */
        public Builder serverFaults(UnaryOperator<Transport> value) {
            serverFaults = value;
            return this;
        }

        /**
         * Puts something between the client's side and the wire, for instance {@code FaultyTransport::new}.
         *
         * @param value given what carries the bytes, returns what takes its place
         * @return this builder
         */
        public Builder clientFaults(UnaryOperator<Transport> value) {
            clientFaults = value;
            return this;
        }

        /**
         * Sets the time that both sides and what joins them live in; {@linkplain TimeSource#system the machine's} by default.
         *
         * @param value stands still except when the test advances it: see there what that does
         * @return this builder
         */
        public Builder clock(ManualClock value) {
            time = value;
            return this;
        }

        /**
         * {@return the pair, open}
         *
         * @throws IllegalArgumentException if the target or the agreement is not valid
         */
        public ConnectionPair open() {
            return open(null);
        }

        /**
         * {@return the pair, open, of which the server's connection is handled}
         *
         * @param handler called with the server's connection on a virtual thread of its own, as a server does
         * @throws IllegalArgumentException as {@link #open}
         */
        public ConnectionPair serve(ConnectionHandler<? super WebSocket> handler) {
            return open(handler);
        }

        private ConnectionPair open(@Nullable ConnectionHandler<? super WebSocket> handler) {
            var ends = MemoryTransport.pair(MemoryTransport.CAPACITY, time);
            var request = new HandshakeRequest("GET", target, headers);
            var received = Handshake.received(request, false, negotiated)
                    .withPathParameters(pathParameters)
                    .withAttributes(attributes);
            var sent = Handshake.of(URI.create("ws://localhost" + target), request, negotiated);
            var server = connection(serverFaults.apply(ends.one()), Role.SERVER, serverOptions, received);
            var client = connection(clientFaults.apply(ends.other()), Role.CLIENT, clientOptions, sent);
            var handling = handler == null ? null : time.start("postern-test-handler", () -> handler.serve(server));
            return new ConnectionPair(server, client, handling);
        }

        private WebSocket connection(Transport transport, Role role, ConnectionOptions options, Handshake handshake) {
            return WebSocketConnection.open(transport, role, options, handshake, ByteBuffer.allocate(0), time);
        }
    }
}
