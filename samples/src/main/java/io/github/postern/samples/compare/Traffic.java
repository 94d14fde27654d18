package io.github.postern.samples.compare;

/**
 * What went over a {@link Relay}.
 *
 * @param down bytes from the server to the clients
 * @param up bytes from the clients to the server
 * @param requests HTTP requests, WebSocket handshakes included
 */
record Traffic(long down, long up, long requests) {
    /** What came on top of an earlier count. */
    Traffic since(Traffic earlier) {
        return new Traffic(down - earlier.down, up - earlier.up, requests - earlier.requests);
    }
}
