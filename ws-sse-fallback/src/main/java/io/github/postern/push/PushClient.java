package io.github.postern.push;

import io.github.postern.ws.core.handshake.Headers;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions with a push endpoint. A session outlives network connections: it attaches again by itself, and each message is
 * delivered once and in order, both ways, whatever carries it.
 *
 * {@snippet class="io.github.postern.verify.examples.PushExamplesTest" region="client" :
 * try (var push = PushClient.connect(URI.create("http://localhost:8080/push"))) {
 *     push.send("hello");
 *     show(push.receive());
 * }
 * }
 *
 * <p>What {@link PushSession} says of the server's limits holds here with {@link PushClientOptions} instead of {@link PushOptions}; and
 * <ul>
 * <li>{@code bufferedAmount} counts what no WebSocket has taken and no answer to a POST has confirmed;
 * <li>a message longer than the server takes is refused with an {@link IllegalArgumentException};
 * <li>{@code close} waits for the server's confirmation for at most {@link PushClientOptions#closeTimeout}, during which the client attaches again if
 *     it must; then it gives the session up and waits for its threads to end, for at most 3 s more. They end at once, unless they still acknowledge a close of
 *     the server's or are inside something of the application that does not heed an interrupt, such as a {@link PushTokenSupplier};
 * <li>a session that could not be attached for as long as the server keeps it ends with code 4408, one that the server no longer knows with
 *     4410, one that another holder of its secret has taken with 4403, one that the server lets the client have no more with 4000 + the HTTP status of its refusal.
 * </ul>
 *
 * <p><b>What carries it.</b> WebSocket is tried first. If that is refused, SSE is tried at once; if there is no answer within {@link
 * PushClientOptions#headStart}, beside it. The first that has carried a round trip wins, but a WebSocket that is attached later, within {@link
 * PushClientOptions#connectTimeout}, takes the session over. SSE that brings nothing within {@link PushClientOptions#firstByteTimeout}, because a proxy holds it
 * back, is followed by long polling. A transport that is attached three times only to die at once counts as refused. What was learned is remembered for {@link
 * PushClientOptions#fallbackMemory} by all sessions of the process with that endpoint; then the better transport is tried again, beside what carries the
 * session, which moves up if it gets through. {@link ClientPushSession#moveTo} moves a session up or down, {@link ClientPushSession#networkChanged} has
 * everything looked at anew, and so does a machine that wakes up, which the client notices within about 5 s. A session moves make before break: nothing is lost,
 * doubled or held up. It also attaches anew when the server asks for that.
 *
 * <p><b>Reconnecting.</b> A session that has lost what carried it attaches again: the first time within 500 ms, then after a random time of at most 0.5 s ·
 * 2<sup>n</sup> and 20 s, but not before the time that the server asks for. {@code close} and {@link ClientPushSession#networkChanged} do not wait for that.
 *
 * <p><b>The end.</b> When the server stops (1001) the client hands over what it was given to send, for at most {@link PushClientOptions#closeTimeout}, before the
 * session ends. {@link PushSession#unconfirmed} tells what the server has not confirmed.
 *
 * <p><b>Threads.</b> All are virtual. An open session has one that decides and one for the attachment, and one that writes to a WebSocket or POSTs (the latter
 * stays from the first HTTP transport on); while it is moved or a race is on, one more for each further attempt; with a listener one that calls it; one while a
 * token is renewed. Over HTTP there are those of the JDK's HTTP client. All of them end with the session, that of the listener after its last call. A session
 * that is not closed keeps them.
 */
public final class PushClient {
    private PushClient() {}

    /**
     * Opens a session with the defaults: over whichever of WebSocket, SSE and long polling gets through.
     *
     * @param uri the endpoint: {@code http}, {@code https}, {@code ws} or {@code wss}, whichever the transport, with a host and no fragment
     * @return the session, open
     * @throws IllegalArgumentException if the URI is not such a URI
     * @throws IOException if no transport reaches a push endpoint there
     */
    public static ClientPushSession connect(URI uri) throws IOException {
        return builder(uri).connect();
    }

    /**
     * Starts to describe a session.
     *
     * @param uri as for {@link #connect}
     * @return a builder with the defaults
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
        private @Nullable CookieHandler cookieHandler;
        private @Nullable SSLContext sslContext;
        private Random random = new Random();
        private @Nullable PushTokenSupplier tokens;
        private @Nullable PushClientListener listener;
        private TransportMemory memory = TransportMemory.SHARED;

        private Builder(URI uri) {
            this.uri = uri;
        }

        /**
         * Uses this transport and no other, unless a move to another is asked for.
         *
         * @param value the one transport
         * @return this builder
         */
        public Builder transport(PushTransport value) {
            transports = List.of(value);
            return this;
        }

        /**
         * Sends one more header field with every request, for instance {@code Authorization} or {@code Cookie}.
         *
         * @param name the name of the field
         * @param value its value
         * @return this builder
         * @throws IllegalArgumentException if name or value cannot stand in a request, or the field belongs to the protocol or to HTTP itself
         */
        public Builder header(String name, String value) {
            if (Endpoint.isReserved(name)) {
                throw new IllegalArgumentException("header belongs to the protocol: " + name);
            }
            headers = headers.with(name, value);
            return this;
        }

        /**
         * Takes cookies from this handler for every request and WebSocket handshake, and gives it those that the server sets. By default each session keeps in
         * memory, as long as it lives, the cookies that its server sets, as a load balancer does that leads all requests of a client to the same server. A {@code
         * Cookie} {@link #header} is sent as well.
         *
         * @param value for instance a {@link CookieManager} that several sessions share, or one that accepts none; called by threads of the client, with an {@code
         *     http} or {@code https} URI. Failures of it count as errors of the network.
         * @return this builder
         */
        public Builder cookieHandler(CookieHandler value) {
            cookieHandler = value;
            return this;
        }

        /**
         * Sets limits and timeouts.
         *
         * @param value the limits and timeouts
         * @return this builder
         */
        public Builder options(PushClientOptions value) {
            options = value;
            return this;
        }

        /**
         * Uses this context's trust and keys for {@code https} and {@code wss}; the JDK's default ones otherwise.
         *
         * @param value with the trust and the keys
         * @return this builder
         */
        public Builder sslContext(SSLContext value) {
            sslContext = value;
            return this;
        }

        /**
         * Proves who the client is with bearer tokens from here: sent as {@code Authorization} with every request, renewed before they expire, and asked for
         * anew when the server does not take one, once for each attempt to attach. A supplier that fails counts as an error of the network.
         *
         * @param value asked for each token
         * @return this builder
         */
        public Builder token(PushTokenSupplier value) {
            tokens = value;
            return this;
        }

        /**
         * Tells this listener what happens to the session.
         *
         * @param value is told what happens
         * @return this builder
         */
        public Builder listener(PushClientListener value) {
            listener = value;
            return this;
        }

        /** Remembers here which transports get through, instead of where all clients do: for tests. */
        Builder memory(TransportMemory value) {
            memory = value;
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
        public ClientPushSession connect() throws IOException {
            var endpoint =
                    Endpoint.of(uri, headers, cookieHandler == null ? new CookieManager() : cookieHandler, sslContext);
            var log = new ReplayLog(options.unacknowledgedMessages(), options.unacknowledgedBytes());
            var inbox = new Inbox(options.unreceivedMessages(), options.unreceivedBytes());
            var client = new ClientState(new Submission(log), new Reception(inbox), transports.getFirst());
            var state = new GuardedState(client, options.heartbeatGrace());
            var source = new TokenSource(tokens);
            var http = new HttpAccess(endpoint, state, options, source, new Backoff(random));
            var known = memory.of(endpoint);
            var events = new LinkedBlockingQueue<ClientEvent>();
            boolean onlyStream = transports.equals(List.of(PushTransport.SSE));
            var attachments = new ClientAttachments(endpoint, state, options, source, http, known, onlyStream, events);
            var timing = new TransportRace.Timing(
                    options.headStart().toNanos(),
                    options.fallbackMemory().toNanos(),
                    options.probeTimeout().toNanos());
            var race = new TransportRace(transports, known, timing, System.nanoTime());
            var loop = new ClientLoop(
                    endpoint,
                    options,
                    state,
                    race,
                    attachments,
                    new TokenRenewal(source, state, () -> events.add(new ClientEvent.Changed())),
                    http,
                    new Backoff(random),
                    new SessionEvents(listener),
                    events);
            var push = new ClientSession(endpoint, options, state, loop);
            push.open();
            return push;
        }
    }
}
