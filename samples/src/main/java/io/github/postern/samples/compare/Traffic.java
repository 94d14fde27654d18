package io.github.postern.samples.compare;

/**
 * What went over a {@link Relay}.
 *
 * @param down bytes from the server to the clients
 * @param up bytes from the clients to the server
 * @param requests HTTP requests, WebSocket handshakes included
 */
record Traffic(Split down, Split up, long requests) {
    static final Traffic NOTHING = new Traffic(Split.NOTHING, Split.NOTHING, 0);

    /** Both directions together. */
    Split bytes() {
        return down.plus(up);
    }

    /** What came on top of an earlier count. */
    Traffic since(Traffic earlier) {
        return new Traffic(down.since(earlier.down), up.since(earlier.up), requests - earlier.requests);
    }
}
