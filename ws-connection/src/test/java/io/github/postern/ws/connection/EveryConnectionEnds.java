package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a connection behind, and with it a transport, deadlines and perhaps a stand-in. */
final class EveryConnectionEnds implements AfterEachCallback {
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    @Override
    public void afterEach(ExtensionContext context) {
        long deadline =
                Deadline.after(TimeSource.system(), PATIENCE_NANOS); // the far side of a pair may still be lingering
        var left = notEnded();
        while (!left.isEmpty() && !Deadline.hasPassed(TimeSource.system(), deadline)) {
            LockSupport.parkNanos(1_000_000);
            left = notEnded();
        }
        left.forEach(WebSocketConnection::abort);
        assertEquals(List.of(), left, "connections that have not ended");
    }

    private static List<WebSocketConnection> notEnded() {
        return Watchdog.SHARED.connections().stream()
                .filter(connection -> !connection.closing().hasEnded())
                .toList();
    }
}
