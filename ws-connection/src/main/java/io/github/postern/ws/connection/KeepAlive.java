package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The deadlines of one connection, checked by the watchdog: stalled writes, messages that do not complete, silent peers, and an application that is
 * not connection.receiving(). Called by the watchdog's thread only.
 */
final class KeepAlive {
    /** How long nobody need receive before a stand-in reads for them. */
    private static final long UNATTENDED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final WebSocketConnection connection;
    private final ConnectionOptions options;

    private long pingSent;
    private volatile boolean pinged;
    private long unattendedSince;
    private int leadsSeen = -1;

    KeepAlive(WebSocketConnection connection, ConnectionOptions options) {
        this.connection = connection;
        this.options = options;
    }

    /** The shortest of the options' deadlines, in nanoseconds. */
    static long shortestDeadline(ConnectionOptions options) {
        var shortest = options.writeTimeout();
        for (var timeout : new Duration[] {
            options.pingInterval(), options.pongTimeout(), options.idleTimeout(), options.messageTimeout()
        }) {
            shortest = timeout.isZero() || timeout.compareTo(shortest) > 0 ? shortest : timeout;
        }
        return shortest.toNanos();
    }

    void check(long now) {
        if (connection.sending().stalled(now)) {
            var millis = options.writeTimeout().toMillis();
            connection
                    .closing()
                    .lost(new SocketTimeoutException("the peer took nothing that was written for " + millis + " ms"));
        } else if (connection.reading().messageOverdue(now)) {
            connection
                    .closing()
                    .refuseFromOutside(
                            CloseStatus.POLICY_VIOLATION,
                            "message incomplete after "
                                    + options.messageTimeout().toMillis() + " ms");
        } else {
            attend(now);
            if (options.pingInterval().isZero()) {
                checkIdle(now);
            } else {
                checkPeer(now);
            }
        }
    }

    /** Whether an empty Pong that arrives now answers a ping of ours rather than the application's. */
    boolean isPinged() {
        return pinged;
    }

    private void attend(long now) {
        int leads = connection.receiving().leads();
        if (connection.receiving().isLed() || leads != leadsSeen) {
            leadsSeen = leads;
            unattendedSince = now;
        } else if (now - unattendedSince >= UNATTENDED_NANOS
                && !connection.receiving().isFull()) {
            Thread.ofVirtual().name("postern-stand-in").start(connection.receiving()::standIn);
        }
    }

    private void checkPeer(long now) {
        long silence = now - connection.reading().lastRead();
        if (pinged) {
            if (connection.reading().lastRead() - pingSent > 0) {
                pinged = false;
            } else if (connection.receiving().isFull()) {
                pingSent = now; // the application does not let us read, so silence says nothing about the peer
            } else if (now - pingSent >= options.pongTimeout().toNanos()) {
                var millis = options.pongTimeout().toMillis();
                connection.closing().lost(new SocketTimeoutException("no answer to a ping for " + millis + " ms"));
            }
        } else if (silence >= options.pingInterval().toNanos()) {
            pinged = true;
            pingSent = now;
            Thread.ofVirtual().name("postern-ping").start(connection::keepAlivePing);
        }
    }

    private void checkIdle(long now) {
        long silence = Math.min(
                now - connection.reading().lastRead(),
                now - connection.sending().lastWrite());
        if (!options.idleTimeout().isZero() && silence >= options.idleTimeout().toNanos()) {
            connection
                    .closing()
                    .refuseFromOutside(
                            CloseStatus.GOING_AWAY,
                            "idle for " + options.idleTimeout().toMillis() + " ms");
        }
    }
}
