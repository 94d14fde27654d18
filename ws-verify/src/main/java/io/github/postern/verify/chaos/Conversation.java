package io.github.postern.verify.chaos;

import io.github.postern.push.PushSession;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Numbered messages both ways, at a steady rate, between a client and the server's application. */
final class Conversation {
    private static final int GOING_AWAY = 1001;
    private static final Duration LOOK = Duration.ofMillis(2);

    private final Side client;
    private final Side server;

    /** A conversation that has not begun, of so many messages a second each way. */
    Conversation(PushSession client, PushSession server, int perSecond, long seed) {
        this.client = new Side("client", client, perSecond, seed);
        this.server = new Side("server", server, perSecond, ~seed);
    }

    Conversation start() {
        client.start();
        server.start();
        return this;
    }

    Side client() {
        return client;
    }

    Side server() {
        return server;
    }

    /** Waits until so many more messages have come on either side; returns what went wrong, or {@code null}. */
    @Nullable
    String awaitMore(long count, Duration patience) throws InterruptedException {
        long ofClient = client.received() + count;
        long ofServer = server.received() + count;
        var failure = client.awaitReceived(ofClient, patience);
        return failure != null ? failure : server.awaitReceived(ofServer, patience);
    }

    /** Sends so many messages at once on either side. */
    void burst(int count) {
        client.burst(count);
        server.burst(count);
    }

    /** Waits until so many messages are under way each way at once; false if they are not within the time. */
    boolean awaitUnderWay(int count, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (client.unconfirmed() < count || server.unconfirmed() < count) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return true;
    }

    /** Stops sending, waits until everything has arrived, and returns what went wrong, or {@code null}. */
    @Nullable
    String finish(Duration patience) throws InterruptedException {
        client.stop();
        server.stop();
        var failure = client.awaitReceived(server.sent(), patience);
        return failure != null ? failure : server.awaitReceived(client.sent(), patience);
    }

    /** Waits until both sides have learned that a server stops, which both of them went on talking to; returns what went wrong, or {@code null}. */
    @Nullable
    String drained(Duration patience) throws InterruptedException {
        for (var side : new Side[] {client, server}) {
            var end = side.awaitEnd(patience);
            if (end == null || end.closeInfo().status().code() != GOING_AWAY || side.unconfirmed() != 0) {
                return side + ": a drained session ends otherwise: " + (end == null ? "not at all" : end.closeInfo())
                        + ", " + side.unconfirmed() + " messages not confirmed";
            }
        }
        return finish(patience);
    }
}
