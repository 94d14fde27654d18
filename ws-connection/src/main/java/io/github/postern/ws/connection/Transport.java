package io.github.postern.ws.connection;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes of one connection, for integrators: a socket, a TLS socket, a server's end point, a pipe in memory.
 *
 * <p><b>Threads.</b> At most one thread reads and at most one writes at a time, and the two may be different.
 * {@link #abort} may be called by any thread at any time.
 */
public interface Transport {
    /**
     * Reads at least one byte, blocking until there is one.
     *
     * @param dst where to; array-backed, with at least one byte remaining
     * @param timeoutNanos how long to wait in nanoseconds, or 0 to wait for ever
     * @return how many bytes were read, at least 1; 0 if the time ran out, which loses nothing; -1 at the end of the stream
     * @throws IOException if reading fails, or the transport was closed or aborted
     */
    int read(ByteBuffer dst, long timeoutNanos) throws IOException;

    /**
     * Writes everything that remains in {@code src}, blocking until it is taken.
     *
     * @param src what to write; array-backed; consumed
     * @throws IOException if writing fails, or the transport was closed or aborted
     */
    void write(ByteBuffer src) throws IOException;

    /**
     * Ends the output: the peer reads the end of the stream, this side can still read.
     *
     * @throws IOException if that fails
     */
    void shutdownOutput() throws IOException;

    /**
     * Releases everything. Called when no thread reads or writes any more. Idempotent.
     *
     * @throws IOException if that fails; everything is released all the same
     */
    void close() throws IOException;

    /** Like {@link #close}, but at once: never blocks, and frees threads that are blocked in a read or write. Idempotent. */
    void abort();
}
