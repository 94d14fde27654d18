package io.github.postern.benchmarks.fanout;

import java.io.IOException;
import org.atmosphere.cpr.AtmosphereHandler;
import org.atmosphere.cpr.AtmosphereResource;
import org.atmosphere.cpr.AtmosphereResourceEvent;
import org.atmosphere.cpr.AtmosphereServlet;
import org.atmosphere.handler.AbstractReflectorAtmosphereHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;

/** Atmosphere in Jetty, with one broadcaster, over Server-Sent Events by its interceptor. */
final class AtmosphereBroadcaster implements Publisher {
    private static final String PATH = "/news";

    private final AtmosphereServlet servlet = new AtmosphereServlet(false, false);

    static Subscription eventStream() {
        return new EventStream(PATH + "?X-Atmosphere-Transport=sse&X-Atmosphere-tracking-id=0"
                + "&X-Atmosphere-Framework=5.0.0&X-atmo-protocol=false&Content-Type=text/plain");
    }

    @Override
    public int start() throws Exception {
        var server = new Server();
        var connector = Publisher.connector(server);
        var context = new ServletContextHandler("/");
        var holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        holder.setInitOrder(1);
        holder.setInitParameter("org.atmosphere.cpr.AtmosphereInterceptor.disableDefaults", "false");
        context.addServlet(holder, PATH);
        servlet.framework().addAtmosphereHandler(PATH, new Suspending());
        server.setHandler(context);
        server.start();
        return connector.getLocalPort();
    }

    @Override
    public void publish(String news) {
        var unused =
                servlet.framework().getBroadcasterFactory().lookup(PATH, true).broadcast(news);
    }

    private static final class Suspending extends AbstractReflectorAtmosphereHandler implements AtmosphereHandler {
        @Override
        public void onRequest(AtmosphereResource resource) {
            resource.suspend();
        }

        @Override
        public void onStateChange(AtmosphereResourceEvent event) throws IOException {
            super.onStateChange(event);
        }

        @Override
        public void destroy() {}
    }
}
