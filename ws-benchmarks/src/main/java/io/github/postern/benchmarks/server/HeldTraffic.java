package io.github.postern.benchmarks.server;

import io.github.postern.ws.connection.ConnectionMetrics;
import io.github.postern.ws.server.WebSocketServer;

/**
 * What a server knows of its connections, and the line that carries it to another process.
 *
 * @param open how many it has
 * @param sent bytes of frames, so far
 * @param received bytes of frames, so far
 */
record HeldTraffic(int open, long sent, long received) {
    /** Without a payload, and without the client's key for it. */
    private static final int PING_LENGTH = 2;

    private static final int PONG_LENGTH = 6;

    static HeldTraffic of(WebSocketServer server) {
        var metrics = ConnectionMetrics.snapshot();
        return new HeldTraffic(server.connections().size(), metrics.bytesSent(), metrics.bytesReceived());
    }

    static HeldTraffic parse(String line) {
        var numbers = line.split(" ", -1);
        return new HeldTraffic(Integer.parseInt(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
    }

    String line() {
        return open + " " + sent + " " + received;
    }

    /** How many Pings have left since, if nothing else has. */
    long pingsSince(HeldTraffic before) {
        return (sent - before.sent) / PING_LENGTH;
    }

    /** How many Pongs have come since, if nothing else has. */
    long pongsSince(HeldTraffic before) {
        return (received - before.received) / PONG_LENGTH;
    }
}
