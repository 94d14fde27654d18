package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a connection behind, and with it a transport, deadlines and perhaps a stand-in. */
final class EveryConnectionEnds implements AfterEachCallback {
    @Override
    public void afterEach(ExtensionContext context) {
        var left = Watchdog.SHARED.connections();
        left.forEach(WebSocketConnection::abort);
        assertEquals(List.of(), left, "connections that have not ended");
    }
}
