package io.github.postern.ws.client;

import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Until when the peer may take for an answer of several reads.
 *
 * @param nanoTime when, as {@link System#nanoTime} tells it
 * @param what what has happened then, for the message
 */
record Deadline(long nanoTime, String what) {
    static Deadline in(Duration time, String what) {
        return new Deadline(System.nanoTime() + time.toNanos(), what + " within " + time.toMillis() + " ms");
    }

    /**
     * How long until then, at least 1 ns.
     *
     * @throws SocketTimeoutException if it has passed
     */
    long remaining() throws SocketTimeoutException {
        long left = nanoTime - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException(what);
        }
        return left;
    }
}
