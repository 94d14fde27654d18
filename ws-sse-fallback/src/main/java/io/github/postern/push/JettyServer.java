package io.github.postern.push;

import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http.pathmap.ServletPathSpec;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Jetty as {@link PushServer} embeds it: one connector for HTTP/1.1 and HTTP/2, with or without TLS; servlets first, files where none stands; every request on a
 * virtual thread. Put together by one thread, and then for any thread.
 */
final class JettyServer {
    private static final System.Logger LOG = System.getLogger(JettyServer.class.getName());

    /** After how long without a byte a connection that is kept alive is closed when the server stops. */
    private static final long SHUTDOWN_IDLE_MILLIS = 100;

    /** How long the server waits, when it stops, for requests under way. */
    private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(2);

    private final Server server = new Server(threads());
    private final ServerConnector connector;
    private final ServletContextHandler servlets = new ServletContextHandler();
    private final Handler.Sequence handlers = new Handler.Sequence(servlets);

    /** A server that has not been started. */
    JettyServer(
            @Nullable String host,
            int port,
            @Nullable SSLContext sslContext,
            Duration idleTimeout,
            NetworkLimits limits) {
        connector = new JettyConnector(server, limits, protocols(sslContext));
        connector.setPort(port);
        connector.setHost(host);
        connector.setIdleTimeout(idleTimeout.toMillis());
        connector.setShutdownIdleTimeout(SHUTDOWN_IDLE_MILLIS);
        server.addConnector(connector);
        server.setErrorHandler(new PlainErrors());
        server.setStopTimeout(REQUEST_PATIENCE.toMillis());
        server.setHandler(new JettyRequestHeads(new GracefulHandler(handlers)));
        servlets.getServletHandler().setEnsureDefaultServlet(false);
        servlets.setErrorHandler(new PlainErrors());
    }

    private static QueuedThreadPool threads() {
        var threads = new QueuedThreadPool();
        threads.setName("postern-push-jetty");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        return threads;
    }

    private static ConnectionFactory[] protocols(@Nullable SSLContext sslContext) {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        var http1 = new HttpConnectionFactory(http);
        if (sslContext == null) {
            return new ConnectionFactory[] {http1, new HTTP2CServerConnectionFactory(http)};
        }
        http.addCustomizer(new SecureRequestCustomizer(false)); // which hosts are served is a matter of the options
        var ssl = new SslContextFactory.Server();
        ssl.setSslContext(sslContext);
        var alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http1.getProtocol());
        return new ConnectionFactory[] {
            new SslConnectionFactory(ssl, alpn.getProtocol()), alpn, new HTTP2ServerConnectionFactory(http), http1
        };
    }

    /** Adds a servlet, which may be asynchronous, before the start. */
    void add(String pattern, HttpServlet servlet) {
        var holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        holder.setInitOrder(1); // a timer that does not start shall be noticed now
        servlets.addServlet(holder, pattern);
    }

    /** Whether it is a URL pattern, and a star at its end means something: {@code /a*} would be the path of just these characters. */
    static boolean isPattern(String pattern) {
        try {
            var unused = new ServletPathSpec(pattern);
            return !pattern.endsWith("*") || pattern.endsWith("/*");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether there are files at a place of this scheme, and, if they are plain files, whether there is a directory at all. */
    static boolean canServe(URI directory) {
        return "file".equalsIgnoreCase(directory.getScheme())
                ? Files.isDirectory(Path.of(directory))
                : ResourceFactory.isSupported(directory);
    }

    /** Adds the files of a directory, before the start; of several that have a file the first counts. */
    void addFiles(URI directory) {
        var files = new ResourceHandler();
        files.setBaseResource(ResourceFactory.of(server).newResource(directory));
        files.setDirAllowed(false);
        handlers.addHandler(files);
    }

    /**
     * Binds the port and begins to accept.
     *
     * @throws IOException if the port is taken, or it fails for another reason; nothing of it is left then
     */
    void start() throws IOException {
        try {
            server.start();
        } catch (Exception e) {
            try {
                server.stop();
            } catch (Exception notStopped) {
                LOG.log(
                        Level.DEBUG,
                        "what did not start did not stop either",
                        notStopped); // the caller hears why it did not start
            }
            throw failed(e);
        }
    }

    private IOException failed(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return new IOException("cannot listen on port " + connector.getPort() + ": " + cause.getMessage(), e);
            }
        }
        return new IOException("cannot start: " + e.getMessage(), e);
    }

    /** The port on which it listens. */
    int port() {
        return connector.getLocalPort();
    }

    /** How many network connections there are. */
    int connections() {
        return connector.getConnectedEndPoints().size();
    }

    /** Waits until another thread has stopped it. */
    void join() throws InterruptedException {
        server.join();
    }

    /** Waits for requests under way, not for long, and stops. */
    void stop() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.log(Level.DEBUG, "connections that did not end in time were cut off", e); // it has stopped all the same
        } catch (Exception e) {
            throw new IllegalStateException("Jetty did not stop", e);
        }
    }
}
