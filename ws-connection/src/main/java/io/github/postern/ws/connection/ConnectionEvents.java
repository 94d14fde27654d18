package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Role;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * What JFR is told. Nothing while nobody has recorded yet: the first event class that is initialized makes JFR build its metadata, for which the first
 * connection of a process would have to wait.
 */
final class ConnectionEvents {
    private ConnectionEvents() {}

    static void opened(WebSocketConnection connection, Role role) {
        if (FlightRecorder.isInitialized()) {
            ConnectionOpenedEvent.commit(connection, role);
        }
    }

    static void closed(WebSocketConnection connection, CloseInfo info) {
        if (FlightRecorder.isInitialized()) {
            ConnectionClosedEvent.commit(connection, info);
        }
    }

    static void peerFailed(WebSocketConnection connection, CloseStatus status, String why) {
        if (FlightRecorder.isInitialized()) {
            PeerFailedEvent.commit(connection, status, why);
        }
    }

    static void received(WebSocketConnection connection, Event data) {
        if (FlightRecorder.isInitialized()) {
            MessageEvent.received(connection, data);
        }
    }

    static void sent(WebSocketConnection connection, boolean text, int size) {
        if (FlightRecorder.isInitialized()) {
            MessageEvent.sent(connection, text, size);
        }
    }

    /** A write begins, which {@link #wrote} ends. */
    static @Nullable SlowWriteEvent writing() {
        return FlightRecorder.isInitialized() ? SlowWriteEvent.started() : null;
    }

    static void wrote(@Nullable SlowWriteEvent begun, WebSocketConnection connection, int bytes) {
        if (begun != null) {
            begun.end(connection, bytes);
        }
    }
}
