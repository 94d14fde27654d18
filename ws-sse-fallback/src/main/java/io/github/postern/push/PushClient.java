package io.github.postern.push;

import io.github.postern.ws.core.handshake.Headers;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions with a push endpoint. A session outlives network connections: it attaches again by itself, and each message is
 * delivered once and in order, both ways, whatever carries it.
 *
 * {@snippet :
 * try (var push = PushClient.connect(URI.create("http://localhost:8080/push"))) {
 *     push.send("hello");
 *     System.out.println(push.receive());
 * }
 * }
 *
 * <p>What {@link PushSession} says of the server's limits holds here with {@link PushClientOptions} instead of {@link PushOptions}; and
 * <ul>
 * <li>{@code bufferedAmount} counts what no WebSocket has taken and no answer to a POST has confirmed;
 * <li>a message longer than the server takes is refused with an {@link IllegalArgumentException};
 * <li>{@code close} waits for the server's confirmation for at most {@link PushClientOptions#closeTimeout}, during which the client attaches again if
 *     it must, and then gives the session up;
 * <li>a session that could not be attached for as long as the server keeps it ends with code 4408, one that the server no longer knows with
 *     4410, one that another holder of its secret has taken with 4403.
 * </ul>
 *
 * <p>An open session has two virtual threads of its own, and over HTTP those of the JDK's HTTP client; all of them end with it. A session that is not
 * closed keeps them.
 */
public final class PushClient {
    private PushClient() {}

    /**
     * Opens a session with the defaults: over WebSocket, over SSE if that is refused, over long polling if that is refused too.
     *
     * @param uri the endpoint: {@code http}, {@code https}, {@code ws} or {@code wss}, whichever the transport, with a host and no fragment
     * @return the session, open
     * @throws IllegalArgumentException if the URI is not such a URI
     * @throws IOException if no transport reaches a push endpoint there
     */
    public static PushSession connect(URI uri) throws IOException {
        return builder(uri).connect();
    }

    /**
     * Starts to describe a session.
     *
     * @param uri as for {@link #connect}
     */
    public static Builder builder(URI uri) {
        return new Builder(uri);
    }

    /** Describes a session. For one thread; may open several. */
    public static final class Builder {
        private final URI uri;
        private List<PushTransport> transports =
                List.of(PushTransport.WEBSOCKET, PushTransport.SSE, PushTransport.LONG_POLLING);
        private Headers headers = Headers.of();
        private PushClientOptions options = PushClientOptions.defaults();
        private @Nullable SSLContext sslContext;
        private Random random = new Random();

        private Builder(URI uri) {
            this.uri = uri;
        }

        /** Uses this transport and no other. */
        public Builder transport(PushTransport value) {
            transports = List.of(value);
            return this;
        }

        /**
         * Sends one more header field with every request, for instance {@code Authorization} or {@code Cookie}.
         *
         * @throws IllegalArgumentException if name or value cannot stand in a request, or the field belongs to the protocol or to HTTP itself
         */
        public Builder header(String name, String value) {
            if (Endpoint.isReserved(name)) {
                throw new IllegalArgumentException("header belongs to the protocol: " + name);
            }
            headers = headers.with(name, value);
            return this;
        }

        /** Sets limits and timeouts. */
        public Builder options(PushClientOptions value) {
            options = value;
            return this;
        }

        /** Uses this context's trust and keys for {@code https} and {@code wss}; the JDK's default ones otherwise. */
        public Builder sslContext(SSLContext value) {
            sslContext = value;
            return this;
        }

        /** Draws the jitter of delays from here: for tests. */
        Builder random(Random value) {
            random = value;
            return this;
        }

        /**
         * Opens a session, blocking until its first attachment is answered.
         *
         * @return the session, open
         * @throws IllegalArgumentException if the URI is none that {@link PushClient#connect} takes
         * @throws java.io.InterruptedIOException if the thread is interrupted meanwhile
         * @throws IOException if no transport reaches a push endpoint there: the cause tells why the last one did not, and has the others as suppressed
         *     exceptions
         */
        public PushSession connect() throws IOException {
            var endpoint = Endpoint.of(uri, headers, sslContext);
            var log = new ReplayLog(options.unacknowledgedMessages(), options.unacknowledgedBytes());
            var inbox = new Inbox(options.unreceivedMessages(), options.unreceivedBytes());
            var state =
                    new GuardedState(new ClientState(new Submission(log), new Reception(inbox)), transports.getFirst());
            var session = new Downlink(state);
            var http = new HttpAccess(endpoint, state, options, new Backoff(random));
            var ways = new ArrayList<ClientTransport>();
            for (var transport : transports) {
                ways.add(
                        switch (transport) {
                            case WEBSOCKET -> new ClientWebSocket(session, new Uplink(state), endpoint, options);
                            case SSE -> new ClientStream(session, http, options);
                            case LONG_POLLING, POLLING -> new ClientPolls(session, http, options, transport);
                        });
            }
            var loop = new ClientLoop(endpoint, state, session, ways, http, new Backoff(random));
            var push = new ClientSession(endpoint, options, state, loop);
            push.open();
            return push;
        }
    }
}
