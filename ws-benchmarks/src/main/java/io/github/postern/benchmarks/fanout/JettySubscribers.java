package io.github.postern.benchmarks.fanout;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.servlets.EventSource;
import org.eclipse.jetty.ee11.servlets.EventSourceServlet;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/** Jetty with its own WebSocket API and its {@code EventSourceServlet}, which the application keeps a list for. */
final class JettySubscribers implements Publisher {
    static final String WEBSOCKET = "/websocket";
    static final String EVENTS = "/events";

    private final Set<EventSource.Emitter> emitters = ConcurrentHashMap.newKeySet();
    private @Nullable ServerWebSocketContainer container;

    @Override
    public int start() throws Exception {
        var server = new Server();
        var connector = Publisher.connector(server);
        var upgrade = WebSocketUpgradeHandler.from(server, made -> {
            made.setIdleTimeout(Duration.ofMillis(IDLE_MILLIS));
            made.addMapping(WEBSOCKET, (request, response, callback) -> new Listener());
            container = made;
        });
        var servlets = new ServletContextHandler();
        var holder = new ServletHolder(new Events(emitters));
        holder.setAsyncSupported(true);
        servlets.addServlet(holder, EVENTS);
        server.setHandler(new Handler.Sequence(upgrade, servlets));
        server.start();
        return connector.getLocalPort();
    }

    @Override
    public void publish(String news) {
        if (container != null) {
            for (var session : container.getOpenSessions()) {
                session.sendText(news, Callback.NOOP);
            }
        }
        emitters.removeIf(emitter -> isGone(emitter, news));
    }

    /** Sends a text, and returns whether the client has gone. */
    private static boolean isGone(EventSource.Emitter emitter, String news) {
        try {
            emitter.data(news);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Public, because Jetty looks for its methods. */
    public static final class Listener extends Session.Listener.AbstractAutoDemanding {}

    private static final class Events extends EventSourceServlet {
        @Serial
        private static final long serialVersionUID = 1L;

        private final transient Set<EventSource.Emitter> emitters;

        Events(Set<EventSource.Emitter> emitters) {
            this.emitters = emitters;
        }

        @Override
        protected EventSource newEventSource(HttpServletRequest request) {
            return new Registered(emitters);
        }
    }

    private static final class Registered implements EventSource {
        private final Set<Emitter> emitters;
        private @Nullable Emitter emitter;

        Registered(Set<Emitter> emitters) {
            this.emitters = emitters;
        }

        @Override
        public void onOpen(Emitter opened) {
            emitter = opened;
            emitters.add(opened);
        }

        @Override
        public void onClose() {
            if (emitter != null) {
                emitters.remove(emitter);
            }
        }
    }
}
