package io.github.postern.samples.compare;

import java.nio.ByteBuffer;

/**
 * Says what each byte of one connection is for, by following its HTTP/1.1 and, behind a handshake, its WebSocket. Each direction has a thread of its own;
 * the bytes of a response must not be given before those of its request.
 */
final class ConnectionBytes {
    private final HttpBytes up;
    private final HttpBytes down;

    /**
     * @param tallyUp where the bytes of the client are counted
     * @param tallyDown where those of the server are
     * @param onRequest called for each request whose head is complete
     */
    ConnectionBytes(Tally tallyUp, Tally tallyDown, Runnable onRequest) {
        var exchanges = new Exchanges();
        up = HttpBytes.ofRequests(exchanges, tallyUp, onRequest);
        down = HttpBytes.ofResponses(exchanges, tallyDown);
    }

    /** Follows more bytes of the client, and consumes them. */
    void up(ByteBuffer input) {
        up.feed(input);
    }

    /** Follows more bytes of the server, and consumes them. */
    void down(ByteBuffer input) {
        down.feed(input);
    }
}
