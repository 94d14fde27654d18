package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The deadlines of one connection, checked by the watchdog: stalled writes, messages that do not complete, silent peers, and an application that is
 * not connection.receiving(). For one thread at a time: the watchdog's, or whoever turns the time.
 */
final class KeepAlive {
    /** How long nobody need receive before a stand-in reads for them. */
    private static final long UNATTENDED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final WebSocketConnection connection;

    private long pingSent;
    private volatile boolean pinged;
    private long unattendedSince;
    private int leadsSeen = -1;

    KeepAlive(WebSocketConnection connection) {
        this.connection = connection;
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
        if (connection.sending().untilStalled(now) <= 0) {
            var millis = options().writeTimeout().toMillis();
            connection
                    .closing()
                    .lost(new SocketTimeoutException("the peer took nothing that was written for " + millis + " ms"));
        } else if (connection.reading().untilOverdue(now) <= 0) {
            connection
                    .closing()
                    .refuseFromOutside(
                            CloseStatus.POLICY_VIOLATION,
                            "message incomplete after "
                                    + options().messageTimeout().toMillis() + " ms");
        } else {
            attend(now);
            if (options().pingInterval().isZero()) {
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
        } else if (untilUnattended(now) <= 0 && !connection.receiving().isFull()) {
            connection.time().start("postern-stand-in", connection.receiving()::standIn);
        }
    }

    private void checkPeer(long now) {
        if (pinged) {
            if (connection.reading().lastRead() - pingSent >= 0) {
                pinged = false;
            } else if (connection.receiving().isFull()) {
                pingSent = now; // the application does not let us read, so silence says nothing about the peer
            } else if (untilPeerIsDue(now) <= 0) {
                var millis = options().pongTimeout().toMillis();
                connection.closing().lost(new SocketTimeoutException("no answer to a ping for " + millis + " ms"));
            }
        } else if (untilPeerIsDue(now) <= 0) {
            pinged = true;
            pingSent = now;
            connection.time().start("postern-ping", connection::keepAlivePing);
        }
    }

    private void checkIdle(long now) {
        if (untilIdle(now) <= 0) {
            connection
                    .closing()
                    .refuseFromOutside(
                            CloseStatus.GOING_AWAY,
                            "idle for " + options().idleTimeout().toMillis() + " ms");
        }
    }

    /** In how many nanoseconds one of them that has not passed will have, if nothing happens until then; of a connection that was just checked. */
    long untilNext(long now) {
        long next = Long.MAX_VALUE;
        for (long left : new long[] {
            connection.sending().untilStalled(now),
            connection.reading().untilOverdue(now),
            connection.receiving().isLed() ? Long.MAX_VALUE : untilUnattended(now),
            options().pingInterval().isZero() ? untilIdle(now) : untilPeerIsDue(now)
        }) {
            next = left > 0 ? Math.min(left, next) : next;
        }
        return next;
    }

    private long untilUnattended(long now) {
        return UNATTENDED_NANOS - (now - unattendedSince);
    }

    /** Until it is to be pinged, or given up. */
    private long untilPeerIsDue(long now) {
        return pinged
                ? options().pongTimeout().toNanos() - (now - pingSent)
                : options().pingInterval().toNanos()
                        - (now - connection.reading().lastRead());
    }

    private long untilIdle(long now) {
        if (options().idleTimeout().isZero()) {
            return Long.MAX_VALUE;
        }
        long silence = Math.min(
                now - connection.reading().lastRead(),
                now - connection.sending().lastWrite());
        return options().idleTimeout().toNanos() - silence;
    }

    private ConnectionOptions options() {
        return connection.options();
    }
}
