package io.github.postern.ws.connection;

import java.util.Collection;
import java.util.concurrent.locks.ReentrantLock;

/** What is counted over all connections. Those that are open are asked; those that have ended have left their numbers here. */
final class Totals {
    static final Totals SHARED = new Totals();

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock, as all that follows. */
    private long opened;

    private long closed;
    private long messagesReceived;
    private long messagesSent;
    private long bytesReceived;
    private long bytesSent;

    private Totals() {}

    void opened() {
        lock.lock();
        try {
            opened++;
        } finally {
            lock.unlock();
        }
    }

    /** Takes over the numbers of a connection that has ended, and stops asking it. */
    void closed(WebSocketConnection connection) {
        lock.lock();
        try {
            closed++;
            messagesReceived += connection.reading().messages();
            messagesSent += connection.sending().messages();
            bytesReceived += connection.reading().bytes();
            bytesSent += connection.sending().bytes();
            Watchdog.SHARED.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    ConnectionMetrics snapshot(Collection<WebSocketConnection> open) {
        lock.lock();
        try {
            long messagesIn = messagesReceived;
            long messagesOut = messagesSent;
            long bytesIn = bytesReceived;
            long bytesOut = bytesSent;
            for (var connection : open) {
                if (!connection.closing().hasEnded()) {
                    messagesIn += connection.reading().messages();
                    messagesOut += connection.sending().messages();
                    bytesIn += connection.reading().bytes();
                    bytesOut += connection.sending().bytes();
                }
            }
            return new ConnectionMetrics(
                    opened,
                    closed,
                    messagesIn,
                    messagesOut,
                    bytesIn,
                    bytesOut,
                    SharedDeflatePool.compressors(),
                    SharedDeflatePool.decompressors());
        } finally {
            lock.unlock();
        }
    }
}
