package io.github.postern.push;

import io.github.postern.ws.connection.ConnectionHandler;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * A server for push endpoints, with the pages that use them, on one port: HTTP/1.1, HTTP/2 without TLS, WebSocket. It embeds Jetty and runs every
 * request on a virtual thread.
 *
 * {@snippet :
 * try (var server = PushServer.builder()
 *         .port(8080)
 *         .path("/push", session -> session.send("hello"))
 *         .start()) {
 *     server.awaitEnd();
 * }
 * }
 *
 * <p>The browser client is served at {@code /postern/postern.js}.
 *
 * <p>In another container use {@link PushServlet}; this class is the only public one that needs Jetty.
 */
public final class PushServer implements AutoCloseable {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** After how long without a byte a connection that is kept alive is closed when the server stops. */
    private static final long SHUTDOWN_IDLE_MILLIS = 100;

    private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(2);

    private final Server server;
    private final ServerConnector connector;
    private final List<PushServlet> endpoints;

    private PushServer(Server server, ServerConnector connector, List<PushServlet> endpoints) {
        this.server = server;
        this.connector = connector;
        this.endpoints = endpoints;
    }

    /** Describes a server to be started: any free port, all addresses, no endpoints, default options. */
    public static Builder builder() {
        return new Builder();
    }

    /** The port on which the server listens. */
    public int port() {
        return connector.getLocalPort();
    }

    /** The sessions of all endpoints that have not ended, those whose clients are away included; a snapshot. */
    public List<PushSession> sessions() {
        return endpoints.stream()
                .flatMap(endpoint -> endpoint.sessions().stream())
                .toList();
    }

    /**
     * Waits until the server has been closed by another thread.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void awaitEnd() throws InterruptedException {
        server.join();
    }

    /**
     * Closes every session with 1001, waits for the attached clients to know and for the handlers to return, and stops. What has not ended
     * after the grace is cut off and its thread interrupted. Does nothing the second time.
     *
     * @param grace how long to wait; zero or negative cuts everything off at once
     */
    public void shutdown(Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        for (var endpoint : endpoints) {
            endpoint.goAway();
        }
        for (var endpoint : endpoints) {
            endpoint.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty did not stop", e);
        }
    }

    /** Shuts down with 5 s of grace. Does nothing the second time. */
    @Override
    public void close() {
        shutdown(CLOSE_PATIENCE);
    }

    /** Describes a server. For one thread. */
    public static final class Builder {
        private int port;
        private @Nullable String host;
        private PushOptions options = PushOptions.defaults();
        private final Map<String, Endpoint> paths = new LinkedHashMap<>();
        private final Map<String, HttpServlet> servlets = new LinkedHashMap<>();
        private final List<URI> resources = new ArrayList<>();

        private record Endpoint(
                ConnectionHandler<? super PushSession> handler,
                @Nullable PushOptions options) {}

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

        /** Listens on one address of this machine, given by name or number; on all of them by default. */
        public Builder host(String value) {
            host = value;
            return this;
        }

        /** Sets limits, timeouts and policy of the endpoints that are not given their own. */
        public Builder options(PushOptions value) {
            options = value;
            return this;
        }

        /**
         * Adds an endpoint.
         *
         * @param path the path, from its slash on; matched exactly
         * @param handler called for each session on a virtual thread of its own; 1000 is sent when it returns, 1011 when it throws
         * @throws IllegalArgumentException if the path does not begin with a slash, holds one of <code>*?#</code>, or is taken
         */
        public Builder path(String path, ConnectionHandler<? super PushSession> handler) {
            return add(path, new Endpoint(handler, null));
        }

        /**
         * Adds an endpoint with options of its own.
         *
         * @throws IllegalArgumentException as {@link #path(String, ConnectionHandler)}
         */
        public Builder path(String path, ConnectionHandler<? super PushSession> handler, PushOptions endpointOptions) {
            return add(path, new Endpoint(handler, endpointOptions));
        }

        private Builder add(String path, Endpoint endpoint) {
            if (!path.startsWith("/") || path.chars().anyMatch(c -> "*?#".indexOf(c) >= 0)) {
                throw new IllegalArgumentException("not a plain path: " + path);
            }
            if (paths.putIfAbsent(path, endpoint) != null) {
                throw new IllegalArgumentException("path is taken: " + path);
            }
            return this;
        }

        /**
         * Adds a servlet beside the endpoints; it may be asynchronous.
         *
         * @param pattern a URL pattern of the Servlet specification (§12.2)
         */
        public Builder servlet(String pattern, HttpServlet servlet) {
            servlets.put(pattern, servlet);
            return this;
        }

        /** Serves the files of a directory at the root, where no endpoint or servlet stands. Of several directories the first that has a file counts. */
        public Builder resources(Path directory) {
            resources.add(directory.toUri());
            return this;
        }

        /**
         * Serves the files of a directory on the class path or module path, as {@link #resources(Path)}.
         *
         * @param directory what {@link Class#getResource} returns for the directory, whose name ends in a slash
         * @throws IllegalArgumentException if it is not a URL of a directory
         */
        public Builder resources(URL directory) {
            if (!directory.getPath().endsWith("/")) {
                throw new IllegalArgumentException("not a directory: " + directory);
            }
            resources.add(URI.create(directory.toString()));
            return this;
        }

        /**
         * Binds the port and begins to accept.
         *
         * @throws IOException if the port is taken, or cannot be bound for another reason
         */
        public PushServer start() throws IOException {
            var server = new Server(threads());
            var connector = connector(server);
            server.addConnector(connector);
            server.setErrorHandler(new PlainErrors());
            server.setStopTimeout(REQUEST_PATIENCE.toMillis());
            var endpoints = new ArrayList<PushServlet>();
            server.setHandler(new GracefulHandler(handlers(server, endpoints)));
            try {
                server.start();
            } catch (Exception e) {
                stop(server);
                throw failed(e);
            }
            return new PushServer(server, connector, List.copyOf(endpoints));
        }

        private static QueuedThreadPool threads() {
            var threads = new QueuedThreadPool();
            threads.setName("postern-push-jetty");
            threads.setDaemon(true);
            threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
            return threads;
        }

        private ServerConnector connector(Server server) {
            var http = new HttpConfiguration();
            http.setSendServerVersion(false);
            var http2 = new HTTP2CServerConnectionFactory(http);
            http2.setConnectProtocolEnabled(false); // WebSocket over HTTP/2 is not supported yet
            var connector = new ServerConnector(server, new HttpConnectionFactory(http), http2);
            connector.setPort(port);
            connector.setHost(host);
            connector.setIdleTimeout(options.writeTimeout().toMillis());
            connector.setShutdownIdleTimeout(SHUTDOWN_IDLE_MILLIS);
            return connector;
        }

        private Handler handlers(Server server, List<PushServlet> endpoints) {
            var context = new ServletContextHandler();
            context.getServletHandler().setEnsureDefaultServlet(false);
            context.setErrorHandler(new PlainErrors());
            paths.forEach((path, endpoint) -> {
                var own = endpoint.options();
                var servlet = new PushServlet(endpoint.handler(), own == null ? options : own);
                endpoints.add(servlet);
                add(context, path, servlet);
            });
            servlets.forEach((pattern, servlet) -> add(context, pattern, servlet));
            var script = PushServer.class.getResource("postern.js");
            if (script != null) {
                add(context, "/postern/postern.js", new ScriptServlet(script));
            }
            var all = new Handler.Sequence(context);
            for (var directory : resources) {
                var files = new ResourceHandler();
                files.setBaseResource(ResourceFactory.of(server).newResource(directory));
                files.setDirAllowed(false);
                all.addHandler(files);
            }
            return all;
        }

        private static void add(ServletContextHandler context, String pattern, HttpServlet servlet) {
            var holder = new ServletHolder(servlet);
            holder.setAsyncSupported(true);
            holder.setInitOrder(1); // a timer that does not start shall be noticed now
            context.addServlet(holder, pattern);
        }

        private static void stop(Server server) {
            try {
                server.stop();
            } catch (Exception e) {
                // it did not start; the failure to start is what the caller hears of
            }
        }

        private IOException failed(Exception e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    return new IOException("cannot listen on port " + port + ": " + cause.getMessage(), e);
                }
            }
            return new IOException("cannot start: " + e.getMessage(), e);
        }
    }
}
