package io.github.postern.ws.server;

import io.github.postern.ws.connection.WebSocket;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import jdk.jfr.FlightRecorder;

/** Tells of what happens on a server: the log, JFR, the counters, and the application's listener, whose failures stay here. */
final class ServerEvents {
    private static final System.Logger LOG = System.getLogger(ServerEvents.class.getName());

    private final ServerListener listener;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    ServerEvents(ServerListener listener) {
        this.listener = listener;
    }

    void opened(WebSocket connection) {
        accepted.increment();
        tell(l -> l.onOpen(connection));
    }

    void closed(WebSocket connection) {
        tell(l -> l.onClose(connection));
    }

    void rejected(Rejection rejection) {
        LOG.log(
                Level.DEBUG,
                () -> "rejected " + rejection.remoteAddress() + " with " + rejection.status() + ": " + rejection.why());
        if (FlightRecorder.isInitialized()) { // before, the event's class would have JFR build its metadata
            HandshakeRejectedEvent.commit(rejection);
        }
        rejected.increment();
        tell(l -> l.onReject(rejection));
    }

    /** How many handshakes became WebSockets. */
    long accepted() {
        return accepted.sum();
    }

    /** How many sockets did not become WebSockets. */
    long rejected() {
        return rejected.sum();
    }

    private void tell(Consumer<ServerListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "the listener of a server failed", e);
        }
    }
}
