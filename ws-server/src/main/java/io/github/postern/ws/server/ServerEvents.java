package io.github.postern.ws.server;

import io.github.postern.ws.connection.WebSocket;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** Tells of what happens on a server: the log and the application's listener, whose failures stay here. */
record ServerEvents(ServerListener listener) {
    private static final System.Logger LOG = System.getLogger(ServerEvents.class.getName());

    void opened(WebSocket connection) {
        tell(l -> l.onOpen(connection));
    }

    void closed(WebSocket connection) {
        tell(l -> l.onClose(connection));
    }

    void rejected(Rejection rejection) {
        LOG.log(
                Level.DEBUG,
                () -> "rejected " + rejection.remoteAddress() + " with " + rejection.status() + ": " + rejection.why());
        tell(l -> l.onReject(rejection));
    }

    private void tell(Consumer<ServerListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "the listener of a server failed", e);
        }
    }
}
