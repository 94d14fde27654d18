package io.github.postern.verify.chaos;

import io.github.postern.push.PushSession;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Numbered messages both ways, at a steady rate, between a client and the server's application. */
final class Conversation {
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

    /** Stops sending, waits until everything has arrived, and returns what went wrong, or {@code null}. */
    @Nullable
    String finish(Duration patience) throws InterruptedException {
        client.stop();
        server.stop();
        var failure = client.awaitReceived(server.sent(), patience);
        return failure != null ? failure : server.awaitReceived(client.sent(), patience);
    }
}
