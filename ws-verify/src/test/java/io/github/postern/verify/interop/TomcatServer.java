package io.github.postern.verify.interop;

import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServlet;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/**
 * Push endpoints on Tomcat: an echo at {@code /push}, and at {@code /plain} where the container offers no upgrade. Made by a class loader that has no
 * Jetty, and used from outside by what the JDK knows of it: its port, and closing.
 */
public final class TomcatServer implements IntSupplier, AutoCloseable {
    private final Tomcat tomcat = new Tomcat();
    private final PushServlet echo = servlet();
    private final PushServlet plain = servlet();

    /** Starts on a free port, with its files in this folder. */
    public TomcatServer(Path folder) throws LifecycleException {
        TomcatURLStreamHandlerFactory.disable(); // a process can have one only, and each class loader would set its own
        tomcat.setBaseDir(folder.toString());
        tomcat.setSilent(true);
        var connector = new Connector();
        connector.setPort(0);
        connector.setProperty("useVirtualThreads", "true");
        tomcat.setConnector(connector);
        var context = tomcat.addContext("", folder.toString());
        add(context, "/push", echo);
        add(context, "/plain", plain);
        withoutUpgrade(context, "/plain");
        tomcat.start();
    }

    private static PushServlet servlet() {
        return new PushServlet(
                TomcatServer::serve,
                PushOptions.defaults()
                        .withHeartbeat(Duration.ofMillis(500))
                        .withPollTimeout(Duration.ofMillis(300))
                        .withCloseTimeout(Duration.ofSeconds(2)));
    }

    private static void serve(Connection session) throws IOException {
        for (var message : session) {
            if (message.equals(new Message.Text("close"))) {
                session.close(CloseStatus.of(4000, "done"));
                return;
            }
            session.send(message);
        }
    }

    private static void add(Context context, String path, PushServlet servlet) {
        Tomcat.addServlet(context, path, servlet).setAsyncSupported(true);
        context.addServletMapping(path, path);
    }

    private static void withoutUpgrade(Context context, String path) {
        var definition = new FilterDef();
        definition.setFilterName("no upgrade");
        definition.setAsyncSupported("true");
        Filter filter = (request, response, chain) ->
                chain.doFilter(new WithoutUpgrade((HttpServletRequest) request), response);
        definition.setFilter(filter);
        context.addFilterDef(definition);
        var mapping = new FilterMap();
        mapping.setFilterName("no upgrade");
        mapping.addURLPattern(path);
        context.addFilterMap(mapping);
    }

    private static final class WithoutUpgrade extends HttpServletRequestWrapper {
        WithoutUpgrade(HttpServletRequest request) {
            super(request);
        }

        @Override
        public <T extends HttpUpgradeHandler> T upgrade(Class<T> handler) throws ServletException {
            throw new ServletException("no");
        }
    }

    /** The port. */
    @Override
    public int getAsInt() {
        return tomcat.getConnector().getLocalPort();
    }

    /** Stops it, unless that has been done. */
    @Override
    public void close() throws LifecycleException {
        if (tomcat.getServer().getState() == LifecycleState.DESTROYED) {
            return;
        }
        try {
            echo.shutdown(Duration.ZERO);
            plain.shutdown(Duration.ZERO);
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }
}
