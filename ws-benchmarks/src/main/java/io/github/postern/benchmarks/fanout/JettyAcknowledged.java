package io.github.postern.benchmarks.fanout;

import io.github.postern.benchmarks.Frames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty's WebSocket API under an application that does for itself what is asked of Postern's protocol: it keeps what each client has not acknowledged yet. */
final class JettyAcknowledged implements Publisher {
    private static final String PATH = "/websocket";

    private final Set<Client> clients = ConcurrentHashMap.newKeySet();

    @Override
    public int start() throws Exception {
        var server = new Server();
        var connector = Publisher.connector(server);
        server.setHandler(WebSocketUpgradeHandler.from(server, made -> {
            made.setIdleTimeout(Duration.ofMillis(IDLE_MILLIS));
            made.addMapping(PATH, (request, response, callback) -> new Client(clients));
        }));
        server.start();
        return connector.getLocalPort();
    }

    @Override
    public void publish(String news) {
        clients.forEach(client -> client.send(news));
    }

    /** Public, because Jetty looks for its methods. */
    public static final class Client extends Session.Listener.AbstractAutoDemanding {
        private final Set<Client> clients;
        private final Queue<String> unacknowledged = new ArrayDeque<>();
        private long acknowledged;

        private Client(Set<Client> clients) {
            this.clients = clients;
        }

        @Override
        public void onWebSocketOpen(Session session) {
            super.onWebSocketOpen(session);
            clients.add(this);
        }

        private synchronized void send(String news) {
            unacknowledged.add(news);
            getSession().sendText(news, Callback.NOOP);
        }

        /** How many have arrived. */
        @Override
        public synchronized void onWebSocketText(String received) {
            for (long position = Long.parseLong(received); acknowledged < position; acknowledged++) {
                unacknowledged.remove();
            }
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            clients.remove(this);
            callback.succeed();
        }
    }

    /** A client of it, which acknowledges as often as one of Postern's. */
    static final class Subscribed implements Subscription {
        @Override
        public void open(Wire wire, int port) throws IOException {
            wire.upgrade(port, PATH);
        }

        @Override
        public byte[] acknowledgement(long received) {
            return Frames.masked(Frames.TEXT, Long.toString(received).getBytes(StandardCharsets.US_ASCII));
        }
    }
}
