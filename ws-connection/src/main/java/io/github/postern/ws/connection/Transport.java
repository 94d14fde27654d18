package io.github.postern.ws.connection;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The bytes of one connection, for integrators: a socket, a TLS socket, a server's end point, a pipe in memory.
 *
 * <p><b>Threads.</b> At most one thread reads and at most one writes at a time, and the two may be different.
 * {@link #close} may be called by any thread at any time.
 */
public interface Transport {
    /**
     * Reads at least one byte, blocking until there is one.
     *
     * @param dst where to; array-backed, with at least one byte remaining
     * @param timeoutNanos how long to wait in nanoseconds, or 0 to wait for ever
     * @return how many bytes were read, at least 1; 0 if the time ran out, which loses nothing; -1 at the end of the stream
     * @throws IOException if reading fails, or the transport is closed
     */
    int read(ByteBuffer dst, long timeoutNanos) throws IOException;

    /**
     * How many bytes can be read without blocking: an estimate, for the reading thread.
     *
     * @return at least 1 if there are bytes, 0 if a read would block; 0 or more if the stream has ended, for sockets do not tell; negative if nothing is known, as by default
     * @throws IOException if the transport is closed
     */
    default int available() throws IOException {
        return -1;
    }

    /**
     * Writes everything that remains in {@code src}, blocking until it is taken.
     *
     * @param src what to write; array-backed; consumed
     * @throws IOException if writing fails, or the transport is closed
     */
    void write(ByteBuffer src) throws IOException;

    /**
     * Ends the output: the peer reads the end of the stream, this side can still read.
     *
     * @throws IOException if that fails
     */
    void shutdownOutput() throws IOException;

    /**
     * Ends the output and closes, when nothing that may still arrive matters: what {@link #shutdownOutput} and {@link #close} do together, and by default do here. Blocks as the former does.
     *
     * @throws IOException if the output cannot be ended; {@link #close} is then still to be called
     */
    default void finish() throws IOException {
        shutdownOutput();
        close();
    }

    /**
     * Releases everything, at once: never blocks, and frees threads that are blocked in a read or write, which then fail.
     * What {@link #write} has taken is still delivered where the network can. Idempotent.
     */
    void close();

    /** {@return the other end's address, if there is such a thing} */
    default Optional<SocketAddress> remoteAddress() {
        return Optional.empty();
    }
}
