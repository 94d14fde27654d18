package io.github.postern.push;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A network connection that knows since when the head of a request is awaited: for the first one, with TLS and HTTP/2's preface before it, since the connection
 * was accepted; for a later one of HTTP/1.1 since its first byte. Nothing is awaited while a request is served, between two of them, and after an upgrade.
 */
final class JettyEndPoint extends SocketChannelEndPoint {
    /** Nobody waits. */
    private static final long NOT_AWAITED = 0;

    /** What {@link #now} gave when the waiting began, or {@link #NOT_AWAITED}. Written by the thread that handles the connection. */
    private volatile long awaitedSince = now();

    /** Whether the next byte is the first of a head. Written by the thread that handles the connection. */
    private volatile boolean betweenRequests;

    JettyEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
    }

    private static long now() {
        return System.nanoTime() | 1; // which is never NOT_AWAITED
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = super.fill(buffer);
        if (filled > 0 && betweenRequests) {
            betweenRequests = false;
            awaitedSince = now();
        }
        return filled;
    }

    /** A head has been read whole. */
    void headReceived() {
        betweenRequests = false;
        awaitedSince = NOT_AWAITED;
    }

    /** A request over HTTP/1.1 is over, and another may come. */
    void requestEnded() {
        betweenRequests = true;
    }

    /** Whether a head is awaited for so many nanoseconds or more. For any thread. */
    boolean isLate(long nanos) {
        long since = awaitedSince;
        return since != NOT_AWAITED && System.nanoTime() - since >= nanos;
    }
}
