package io.github.postern.ws.server;

import io.github.postern.ws.connection.Broadcast;
import io.github.postern.ws.connection.BroadcastResult;
import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.PemIdentity;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.PreparedMessage;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket server: each connection is handled by plain blocking code on a virtual thread of its own.
 *
 * {@snippet class="io.github.postern.verify.examples.ServerExamplesTest" region="echo" :
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
    private static final Duration LONGEST_GRACE = Duration.ofDays(365);

    private final ServerContext context;
    private final List<AcceptLoop> listening;
    private final DeadlineWatch watch;
    private final CountDownLatch ended = new CountDownLatch(1);

    private WebSocketServer(ServerContext context, List<AcceptLoop> listening) {
        this.context = context;
        this.listening = listening;
        this.watch = new DeadlineWatch(context.registry(), context.options());
    }

    /**
     * Starts to describe a server.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the port of {@link #address}} */
    public int port() {
        return address().getPort();
    }

    /** {@return the first of {@link #addresses}} */
    public InetSocketAddress address() {
        return addresses().getFirst();
    }

    /**
     * {@return the addresses that the server listens on: that of {@link Builder#port port} and {@link Builder#host host} if there is one, then those of
     * {@link Builder#listen listen} in their order} Each with the port that it was given where any was asked for; unmodifiable.
     */
    public List<InetSocketAddress> addresses() {
        return listening.stream().map(AcceptLoop::address).toList();
    }

    /** {@return the open connections, as an unmodifiable live view: safe to iterate while they come and go} */
    public Set<WebSocket> connections() {
        return context.registry().connections();
    }

    /**
     * Sends a message to every open connection, without waiting for any: a slow peer delays no other.
     *
     * @param message the message, encoded once for all
     * @param policy what happens where the peer is slow
     * @return how many connections took it, dropped it, and are closed for it
     */
    public BroadcastResult broadcast(PreparedMessage message, SlowConsumer policy) {
        return Broadcast.send(message, connections(), policy);
    }

    /**
     * Sends a message to those of the open connections that a filter chooses, as {@link #broadcast(PreparedMessage, SlowConsumer)} does.
     *
     * @param message the message, encoded once for all
     * @param filter called for each connection by one thread at a time, which is not the caller's; must not block
     * @param policy what happens where the peer is slow
     * @return how many of the chosen connections took it, dropped it, and are closed for it
     * @throws RuntimeException what the filter throws; the connections before have been served
     */
    public BroadcastResult broadcast(
            PreparedMessage message, Predicate<? super WebSocket> filter, SlowConsumer policy) {
        return Broadcast.send(
                message, () -> connections().stream().filter(filter).iterator(), policy);
    }

    /** {@return what the server has done so far} */
    public ServerMetrics metrics() {
        var events = context.events();
        var registry = context.registry();
        return new ServerMetrics(
                events.accepted(), events.rejected(), registry.connections().size(), registry.handshakes());
    }

    /** Everybody who is counted against a limit: none, once all have left. For tests. */
    int present() {
        return context.admission().present();
    }

    /**
     * Waits until the server has been shut down by another thread.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /**
     * Stops listening, cuts off handshakes that are not accepted yet, closes every connection with a status, and waits for the handlers to return.
     * After the grace, or if the calling thread is interrupted, what is left is aborted and its threads are interrupted; they get another second to end,
     * and whoever ignores the interrupt then is left alone.
     *
     * <p>Of several calls the first one counts, and the others wait until it is done or they are interrupted. A handler may call this and is not waited
     * for itself.
     *
     * @param grace how long to wait; zero or negative aborts at once; more than 365 days count as that
     * @param status what the peers are told
     * @throws IllegalArgumentException if the status must not be sent (RFC 6455 §7.4)
     */
    public void shutdown(Duration grace, CloseStatus status) {
        if (!status.isSendable()) {
            throw new IllegalArgumentException("status must not be sent: " + status.code());
        }
        if (context.registry().stop(status)) {
            try {
                listening.forEach(AcceptLoop::close);
                context.registry().end(withinRange(grace), status);
            } finally {
                watch.end();
                ended.countDown();
            }
        } else {
            try {
                awaitEnd();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Duration withinRange(Duration grace) {
        if (grace.isNegative()) {
            return Duration.ZERO;
        }
        return grace.compareTo(LONGEST_GRACE) < 0 ? grace : LONGEST_GRACE;
    }

    /** Shuts down with {@link CloseStatus#GOING_AWAY} and 5 s of grace. Does nothing the second time but wait for the first. */
    @Override
    public void close() {
        shutdown(CLOSE_GRACE, CloseStatus.GOING_AWAY);
    }

    /** Describes a server. For one thread; may start several servers. */
    public static final class Builder {
        private int port;
        private @Nullable InetAddress host;

        /** Whether port or host was called, and so means an address of its own beside the others. */
        private boolean portOrHost;

        private final List<InetSocketAddress> addresses = new ArrayList<>();
        private @Nullable Tls tls;
        private AllowedHosts hosts = AllowedHosts.any();
        private OriginPolicy originPolicy = OriginPolicy.sameOrigin();
        private UpgradePolicy upgradePolicy = request -> UpgradeDecision.accept();
        private ServerOptions options = ServerOptions.defaults();
        private ServerListener listener = new ServerListener() {};
        private @Nullable Function<HandshakeRequest, HandshakeResponse> plainRequests;
        private @Nullable PerMessageDeflate deflate;
        private final List<Route> routes = new ArrayList<>();

        private Builder() {}

        /**
         * Listens on a port.
         *
         * @param value 1 to 65,535, or 0, the default, for any free one
         * @return this builder
         * @throws IllegalArgumentException if the value is out of range
         */
        public Builder port(int value) {
            if (value < 0 || value > 65_535) {
                throw new IllegalArgumentException("port out of range: " + value);
            }
            port = value;
            portOrHost = true;
            return this;
        }

        /**
         * Listens on one address of this machine; on all of them by default.
         *
         * @param value an address of this machine
         * @return this builder
         */
        public Builder host(InetAddress value) {
            host = value;
            portOrHost = true;
            return this;
        }

        /**
         * Listens on an address as well; may be called several times. Without {@link #port} and {@link #host} it is the only one.
         *
         * @param address with port 0 for any free one
         * @return this builder
         * @throws IllegalArgumentException if the address is not resolved
         */
        public Builder listen(InetSocketAddress address) {
            if (address.isUnresolved()) {
                throw new IllegalArgumentException("address is not resolved: " + address);
            }
            addresses.add(address);
            return this;
        }

        /**
         * Handles the connections to the paths of a template. {@code /chat/{room}} stands for {@code /chat/lobby}, and {@link WebSocket#pathParameters} is then
         * {@code {room=lobby}}: a name in braces stands for exactly one segment that is not empty, and everything else for itself, compared after
         * percent-decoding. No escape becomes a separator: a path with an escaped slash is answered 400. Where several templates match, the one with
         * a literal in the place of a parameter counts.
         *
         * @param template the template, from its slash on, without query and not percent-encoded
         * @param handler called for each connection on its own thread; 1000 is sent when it returns, 1011 when it throws
         * @param subprotocols what the server speaks there, the preferred one first; the first that the client offers is agreed
         * @return this builder
         * @throws IllegalArgumentException if the template does not begin with a slash, a literal segment is a dot segment or holds one of
         *     <code>{}*?#%\</code> or a control character, a parameter's name is not a word or occurs twice; if another template matches the same path and
         *     neither of the two is more specific; or if a subprotocol is not a token or named twice
         */
        public Builder path(String template, ConnectionHandler<? super WebSocket> handler, String... subprotocols) {
            var route = Route.of(PathTemplate.parse(template), handler, List.of(subprotocols));
            for (var other : routes) {
                if (route.template().isAmbiguousWith(other.template())) {
                    throw new IllegalArgumentException("path " + template + " is taken by "
                            + other.template().text());
                }
            }
            routes.add(route);
            return this;
        }

        /**
         * Speaks TLS with this context's keys; plain TCP by default.
         *
         * @param context with the server's keys
         * @return this builder
         */
        public Builder tls(SSLContext context) {
            return tls(context, new SSLParameters());
        }

        /**
         * Speaks TLS with this context's keys and these parameters, for instance protocol versions, cipher suites, or
         * {@link SSLParameters#setNeedClientAuth} to ask for client certificates, which an {@link UpgradePolicy} sees.
         *
         * @param context with the server's keys
         * @param parameters not to be changed afterwards
         * @return this builder
         * @throws IllegalArgumentException if the context does not support the parameters
         */
        public Builder tls(SSLContext context, SSLParameters parameters) {
            context.createSSLEngine().setSSLParameters(parameters);
            tls = new Tls(context, parameters);
            return this;
        }

        /**
         * Speaks TLS with a certificate and key from PEM files, which may be renewed while the server runs.
         *
         * @param identity the certificate and its key
         * @return this builder
         */
        public Builder tls(PemIdentity identity) {
            return tls(identity.sslContext());
        }

        /**
         * Answers only requests whose {@code Host} is one of these; every name by default. Others are answered 421 (RFC 9110 §15.5.20), plain requests as
         * well. This keeps out pages that let a name of their own lead to this machine (DNS rebinding), for which {@link OriginPolicy#sameOrigin} is no
         * obstacle: name the hosts of every server that only its own machine or network can reach.
         *
         * @param names host names or IP addresses, IPv6 ones in brackets, without port, in any case
         * @return this builder
         * @throws IllegalArgumentException if there are none, or one is not a host name or has a port
         */
        public Builder hosts(String... names) {
            hosts = AllowedHosts.of(names);
            return this;
        }

        /**
         * Decides which pages may connect; {@link OriginPolicy#sameOrigin} by default.
         *
         * @param policy asked about every handshake
         * @return this builder
         */
        public Builder originPolicy(OriginPolicy policy) {
            originPolicy = policy;
            return this;
        }

        /**
         * Decides about each handshake, for instance by its cookies; accepts every one by default.
         *
         * @param policy asked about every handshake
         * @return this builder
         */
        public Builder upgradePolicy(UpgradePolicy policy) {
            upgradePolicy = policy;
            return this;
        }

        /**
         * Is told of connections that open and close, and of those that are rejected; nobody by default.
         *
         * @param value is told; called by several threads
         * @return this builder
         */
        public Builder listener(ServerListener value) {
            listener = value;
            return this;
        }

        /**
         * Sets limits and timeouts.
         *
         * @param value the limits and timeouts
         * @return this builder
         */
        public Builder options(ServerOptions value) {
            options = value;
            return this;
        }

        /**
         * Compresses messages for clients that offer permessage-deflate (RFC 7692); without it nothing is compressed. Which messages,
         * and with what effort, is among the {@linkplain io.github.postern.ws.connection.ConnectionOptions#deflate options}.
         *
         * @param value what the server agrees to
         * @return this builder
         */
        public Builder deflate(PerMessageDeflate value) {
            deflate = value;
            return this;
        }

        /**
         * Answers GET requests that do not ask for a WebSocket: a page, a health check. Without it they are answered
         * 426 on a WebSocket's path and 404 elsewhere; other methods are answered 405 in any case. Each request is answered on its own connection,
         * which is then closed, at the latest after {@link ServerOptions#handshakeTimeout}.
         *
         * @param handler called on a virtual thread of the connection; if it throws, the answer is 500
         * @return this builder
         */
        public Builder plainRequests(Function<HandshakeRequest, HandshakeResponse> handler) {
            plainRequests = handler;
            return this;
        }

        /**
         * Binds every address and begins to accept.
         *
         * @return the server, which accepts connections
         * @throws IllegalStateException if no path was given
         * @throws IOException if an address is taken, or cannot be bound for another reason; the message names it, and no address stays bound
         */
        public WebSocketServer start() throws IOException {
            if (routes.isEmpty()) {
                throw new IllegalStateException("no path to serve");
            }
            var context = new ServerContext(
                    tls,
                    new Reception(offered(), hosts, originPolicy, upgradePolicy, plainRequests),
                    options,
                    new Admission(options),
                    new ConnectionRegistry(),
                    new ServerEvents(listener));
            var server = new WebSocketServer(context, bind(context));
            server.watch.start();
            server.listening.forEach(AcceptLoop::start);
            return server;
        }

        private Routes offered() {
            var compression = deflate;
            return new Routes(
                    compression == null
                            ? routes
                            : routes.stream()
                                    .map(route -> route.compressed(compression))
                                    .toList());
        }

        private List<AcceptLoop> bind(ServerContext context) throws IOException {
            var wanted = new ArrayList<InetSocketAddress>();
            if (portOrHost || addresses.isEmpty()) {
                wanted.add(new InetSocketAddress(host, port));
            }
            wanted.addAll(addresses);
            var bound = new ArrayList<AcceptLoop>();
            try {
                for (var address : wanted) {
                    bound.add(AcceptLoop.bind(address, options.backlog(), socket -> Guest.receive(socket, context)));
                }
            } catch (IOException e) {
                bound.forEach(AcceptLoop::close);
                throw e;
            }
            return List.copyOf(bound);
        }
    }
}
