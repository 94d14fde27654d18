package io.github.postern.push;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.PemIdentity;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A server for push endpoints, with the pages that use them, on one port: HTTP/1.1, HTTP/2, WebSocket over either, with or without TLS. It embeds Jetty and runs every
 * request on a virtual thread.
 *
 * {@snippet class="io.github.postern.verify.examples.PushExamplesTest" region="server" :
 * try (var server = PushServer.builder()
 *         .port(8080)
 *         .path("/push", session -> session.send("hello"))
 *         .start()) {
 *     server.awaitEnd();
 * }
 * }
 *
 * <p>The browser client is served at {@code /postern/postern.js}, a module; {@code /postern/postern.min.js}, the same minified; and {@code
 * /postern/postern.global.js}, a classic script that defines {@code PushSocket}. {@code /postern/postern-shared.js} and {@code postern-shared.min.js} are modules
 * beside the first two, with {@code SharedPushSocket}, whose connection the tabs of a browser share. A servlet container that has this jar in a {@code WEB-INF/lib}
 * serves the same by itself.
 *
 * <p>In another container use {@link PushServlet}; this class is the only public one that needs Jetty.
 */
public final class PushServer implements AutoCloseable {
    /** How long a server that is closed waits for clients and handlers, in all. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** Where the browser client is served, and lies in the jar's {@code META-INF/resources}. */
    private static final List<String> SCRIPTS = List.of(
            "/postern/postern.js",
            "/postern/postern.min.js",
            "/postern/postern.global.js",
            "/postern/postern-shared.js",
            "/postern/postern-shared.min.js");

    private final JettyServer jetty;
    private final List<PushServlet> endpoints;
    private final Topics topics;
    private final AtomicBoolean stopping;

    private PushServer(JettyServer jetty, List<PushServlet> endpoints, Topics topics, AtomicBoolean stopping) {
        this.topics = topics;
        this.jetty = jetty;
        this.endpoints = endpoints;
        this.stopping = stopping;
    }

    /**
     * Describes a server to be started: any free port, all addresses, no endpoints, default options.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the port on which the server listens} */
    public int port() {
        return jetty.port();
    }

    /** How many network connections there are. */
    int connections() {
        return jetty.connections();
    }

    /** {@return the sessions of all endpoints that have not ended, those whose clients are away included; a snapshot} */
    public List<PushSession> sessions() {
        return endpoints.stream()
                .flatMap(endpoint -> endpoint.sessions().stream())
                .toList();
    }

    /** {@return what the sessions of all endpoints have done so far; visits every session} */
    public PushMetrics metrics() {
        return PushMetrics.sum(endpoints.stream().map(PushServlet::metrics).toList());
    }

    /**
     * {@return the topic of that name, for the sessions of all endpoints; made now with {@linkplain TopicOptions#defaults default options} if there is none}
     *
     * @param name the name of the topic
     */
    public Topic topic(String name) {
        return topics.topic(name);
    }

    /**
     * {@return the topic of that name, made now if there is none}
     *
     * @param name the name of the topic
     * @param options its options, if it is made now
     * @throws IllegalStateException if it exists with other options
     */
    public Topic topic(String name, TopicOptions options) {
        return topics.topic(name, options);
    }

    /**
     * Waits until the server has been closed by another thread.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void awaitEnd() throws InterruptedException {
        jetty.join();
    }

    /**
     * Asks every attached client to attach anew, each at its own time within the window, as {@link PushServlet#move}.
     *
     * @param window over what time; zero asks all at once; at most 365 days
     * @throws IllegalArgumentException if the window is out of range
     */
    public void move(Duration window) {
        PushServlet.checkRange("window", window);
        endpoints.forEach(endpoint -> endpoint.move(window));
    }

    /**
     * {@link #shutdown(Duration, Duration)} with 5 s of grace.
     *
     * @param window as for {@link #shutdown(Duration, Duration)}
     * @throws IllegalArgumentException if the window is out of range
     */
    public void shutdown(Duration window) {
        shutdown(window, CLOSE_PATIENCE);
    }

    /**
     * Drains the endpoints as {@link PushServlet#shutdown} does, and stops: sessions are closed with 1001 at their own times within the window, and neither
     * direction loses what was sent before. While it drains, the server answers 503 to whoever wants a new session. Returns when it has stopped; does
     * nothing, and returns at once, if it was shut down or closed before.
     *
     * @param window over what time sessions are closed; zero closes all at once; at most 365 days
     * @param grace how long to wait afterwards for clients and handlers, before what is left is cut off and its thread interrupted; zero does not wait;
     *     at most 365 days
     * @throws IllegalArgumentException if the window or the grace is out of range
     */
    public void shutdown(Duration window, Duration grace) {
        PushServlet.checkRange("window", window);
        PushServlet.checkRange("grace", grace);
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        long deadline = System.nanoTime() + window.plus(grace).toNanos();
        var draining =
                endpoints.stream().filter(endpoint -> endpoint.drain(window)).toList();
        for (var endpoint : draining) {
            endpoint.finish(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        jetty.stop();
    }

    /**
     * Closes every session with 1001, waits until the attached clients know and the handlers have returned, at most 5 s, and stops. Does nothing if it
     * was shut down or closed before.
     */
    @Override
    public void close() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        long deadline = System.nanoTime() + CLOSE_PATIENCE.toNanos();
        endpoints.forEach(PushServlet::goAway);
        for (var endpoint : endpoints) {
            endpoint.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        jetty.stop();
    }

    /** Describes a server. For one thread. */
    public static final class Builder {
        private int port;
        private @Nullable String host;
        private PushOptions options = PushOptions.defaults();
        private final Map<String, Endpoint> paths = new LinkedHashMap<>();
        private final Map<String, HttpServlet> servlets = new LinkedHashMap<>();
        private final List<URI> resources = new ArrayList<>();
        private @Nullable SSLContext sslContext;
        private NetworkLimits network = NetworkLimits.DEFAULTS;
        private @Nullable String health;
        private final Topics topics = new Topics();
        private @Nullable PushAuthenticator authenticator;
        private final List<PushListener> listeners = new ArrayList<>();

        private record Endpoint(
                ConnectionHandler<? super PushSession> handler,
                @Nullable PushOptions options) {}

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
            return this;
        }

        /**
         * Listens on one address of this machine, given by name or number; on all of them by default.
         *
         * @param value a name or address of this machine
         * @return this builder
         */
        public Builder host(String value) {
            host = value;
            return this;
        }

        /**
         * Sets limits, timeouts and policy of the endpoints that are not given their own.
         *
         * @param value the limits, timeouts and policy
         * @return this builder
         */
        public Builder options(PushOptions value) {
            options = value;
            return this;
        }

        /**
         * Has every attach and POST to any endpoint authenticated; by default everybody is admitted, and nobody known.
         *
         * @param value asked about each of them
         * @return this builder
         */
        public Builder authenticator(PushAuthenticator value) {
            authenticator = value;
            return this;
        }

        /**
         * Has a listener told what becomes of the sessions of all endpoints.
         *
         * @param listener is told; several may be added
         * @return this builder
         */
        public Builder addListener(PushListener listener) {
            listeners.add(listener);
            return this;
        }

        /**
         * Adds an endpoint.
         *
         * @param path the path, from its slash on; matched exactly
         * @param handler called for each session on a virtual thread of its own; 1000 is sent when it returns, 1011 when it throws
         * @return this builder
         * @throws IllegalArgumentException if the path does not begin with a slash, holds one of <code>*?#</code>, or is taken
         */
        public Builder path(String path, ConnectionHandler<? super PushSession> handler) {
            return add(path, new Endpoint(handler, null));
        }

        /**
         * Adds an endpoint with options of its own.
         *
         * @param path as for {@link #path(String, ConnectionHandler)}
         * @param handler as for {@link #path(String, ConnectionHandler)}
         * @param endpointOptions the limits, timeouts and policy of this endpoint
         * @return this builder
         * @throws IllegalArgumentException as {@link #path(String, ConnectionHandler)}
         */
        public Builder path(String path, ConnectionHandler<? super PushSession> handler, PushOptions endpointOptions) {
            return add(path, new Endpoint(handler, endpointOptions));
        }

        private void checkPath(String path) {
            if (!path.startsWith("/") || path.chars().anyMatch(c -> "*?#".indexOf(c) >= 0)) {
                throw new IllegalArgumentException("not a plain path: " + path);
            }
            checkFree(path);
        }

        private void checkFree(String pattern) {
            boolean taken = SCRIPTS.contains(pattern)
                    || pattern.equals(health)
                    || paths.containsKey(pattern)
                    || servlets.containsKey(pattern);
            if (taken) {
                throw new IllegalArgumentException("path is taken: " + pattern);
            }
        }

        private Builder add(String path, Endpoint endpoint) {
            checkPath(path);
            paths.put(path, endpoint);
            return this;
        }

        /**
         * Adds a servlet beside the endpoints; it may be asynchronous.
         *
         * @param pattern a URL pattern of the Servlet specification (§12.2): empty, from its slash on, with a star behind its last slash or nowhere, or {@code
         *     *.} and an extension
         * @param servlet what serves the requests
         * @return this builder
         * @throws IllegalArgumentException if it is no such pattern, or that very pattern is taken, by an endpoint, a servlet, the health check or a script of the browser client
         */
        public Builder servlet(String pattern, HttpServlet servlet) {
            if (!JettyServer.isPattern(pattern)) {
                throw new IllegalArgumentException("not a URL pattern: " + pattern);
            }
            checkFree(pattern);
            servlets.put(pattern, servlet);
            return this;
        }

        /**
         * Speaks TLS with this context's keys, and HTTP/2 or HTTP/1.1 over it as the client likes (ALPN); plain TCP by default.
         *
         * @param context with the server's keys
         * @return this builder
         */
        public Builder tls(SSLContext context) {
            sslContext = context;
            return this;
        }

        /**
         * Speaks TLS, as {@link #tls(SSLContext)}, with a certificate and key from PEM files, which may be renewed while the server runs.
         *
         * @param identity the certificate and its key
         * @return this builder
         */
        public Builder tls(PemIdentity identity) {
            return tls(identity.sslContext());
        }

        /**
         * Sets how long a client may take to ask for something. It is an absolute deadline, which no trickle of bytes puts off, and watched at intervals: it may
         * fire late by an eighth, at most by 1 s. The connection is then closed. It holds for TLS, HTTP/2's preface and the first request's head together, from
         * the moment when the connection was accepted, and over HTTP/1.1 for the head of each later request, from its first byte on. It does not concern
         * connections that are kept alive between requests, which are closed when nothing was sent for {@link PushOptions#writeTimeout}; bodies, for which there
         * is {@link PushOptions#bodyTimeout}; responses, however long; WebSockets; and the streams of HTTP/2 after the first.
         *
         * @param value 10 s by default; 1 ms to 1 h
         * @return this builder
         * @throws IllegalArgumentException if the value is out of range
         */
        public Builder handshakeTimeout(Duration value) {
            network = network.withHandshakeTimeout(value);
            return this;
        }

        /**
         * Sets how many network connections may be open at once. More are turned away: they are answered 503 with {@code Retry-After}; not with TLS, where the
         * answer would cost a TLS handshake, and not when 512 are being answered so: then they are closed at once. Who is turned away is not counted.
         *
         * <p>Each session takes one connection, and one more over HTTP/1.1 without WebSocket, for what the client sends. So who raises {@link
         * PushLimits#maxSessions} raises this too.
         *
         * @param value 10,000 by default; at least 1
         * @return this builder
         * @throws IllegalArgumentException if the value is out of range
         */
        public Builder maxConnections(int value) {
            network = network.withMaxConnections(value);
            return this;
        }

        /**
         * Sets how many of the {@linkplain #maxConnections network connections} may come from one address; more are turned away alike. An IPv6 address counts as
         * its /64, of which one block has all. The default is what {@link PushLimits#maxSessionsPerAddress} of sessions need, by default, so that clients who
         * open too many are told so by the endpoint first.
         *
         * <p>Behind a reverse proxy all connections come from the proxy's address, whatever it says in {@code X-Forwarded-For}: set this to {@link
         * #maxConnections} there, and let the proxy limit its clients.
         *
         * @param value 2,000 by default; at least 1
         * @return this builder
         * @throws IllegalArgumentException if the value is out of range
         */
        public Builder maxConnectionsPerAddress(int value) {
            network = network.withMaxConnectionsPerAddress(value);
            return this;
        }

        /**
         * Sets how many connections the system may keep until the server accepts them. What comes when it keeps as many is dropped, and tried again by the client's
         * system after 1 s, 3 s, 7 s: so a herd of clients that come back at once needs room. The system may have a lower limit of its own.
         *
         * @param value 1,024 by default; 1 to 65,535
         * @return this builder
         * @throws IllegalArgumentException if the value is out of range
         */
        public Builder backlog(int value) {
            network = network.withBacklog(value);
            return this;
        }

        /**
         * Answers GETs of a path with 200, and with 503 and {@code Retry-After} from the beginning of {@link PushServer#shutdown} on, so that a load balancer
         * sends nobody here any more; no such path by default.
         *
         * @param path the path, from its slash on; matched exactly
         * @return this builder
         * @throws IllegalArgumentException if the path does not begin with a slash, holds one of <code>*?#</code>, or is taken
         */
        public Builder health(String path) {
            checkPath(path);
            health = path;
            return this;
        }

        /**
         * Serves the files of a directory at the root, where no endpoint or servlet stands. Of several directories the first that has a file counts.
         *
         * @param directory the directory, which must be there
         * @return this builder
         * @throws IllegalArgumentException if it is no directory
         */
        public Builder resources(Path directory) {
            if (!Files.isDirectory(directory)) {
                throw new IllegalArgumentException("not a directory: " + directory);
            }
            resources.add(directory.toUri());
            return this;
        }

        /**
         * Serves the files of a directory on the class path or module path, as {@link #resources(Path)}.
         *
         * @param directory what {@link Class#getResource} returns for the directory, whose name ends in a slash
         * @return this builder
         * @throws IllegalArgumentException if it is not the URL of a directory, or of something else than files, a jar or the modules of the runtime
         */
        public Builder resources(URL directory) {
            try {
                var uri = directory.toURI();
                if (directory.getPath().endsWith("/") && JettyServer.canServe(uri)) {
                    resources.add(uri);
                    return this;
                }
            } catch (URISyntaxException | IllegalArgumentException e) {
                throw new IllegalArgumentException("not a directory: " + directory, e);
            }
            throw new IllegalArgumentException("not a directory: " + directory);
        }

        /**
         * Binds the port and begins to accept.
         *
         * @return the server, which accepts connections
         * @throws IOException if the port is taken or cannot be bound for another reason, or a servlet cannot begin
         */
        public PushServer start() throws IOException {
            var jetty = new JettyServer(host, port, sslContext, options.writeTimeout(), network);
            var endpoints = new ArrayList<PushServlet>();
            var stopping = new AtomicBoolean();
            paths.forEach((path, endpoint) -> {
                var own = endpoint.options();
                var servlet = new PushServlet(endpoint.handler(), own == null ? options : own, topics);
                endpoints.add(configured(servlet));
                jetty.add(path, servlet);
            });
            servlets.forEach(jetty::add);
            if (health != null) {
                jetty.add(health, new HealthServlet(stopping::get));
            }
            for (var path : SCRIPTS) {
                var script = PushServer.class.getResource("/META-INF/resources" + path);
                if (script != null) {
                    jetty.add(path, new ScriptServlet(script));
                }
            }
            resources.forEach(jetty::addFiles);
            jetty.start();
            return new PushServer(jetty, List.copyOf(endpoints), topics, stopping);
        }

        private PushServlet configured(PushServlet servlet) {
            listeners.forEach(servlet::addListener);
            return authenticator == null ? servlet : servlet.authenticator(authenticator);
        }
    }
}
