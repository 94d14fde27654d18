package io.github.postern.ws.connection;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes that were read and not yet decoded. A connection waits in a read with a small buffer of its own. When that
 * came back full, more is likely to come, and the next reads use a borrowed large one; it is given back as soon as little arrives, or nothing
 * for a second. For the reading thread only.
 */
final class InputBuffer {
    static final int SMALL = 256;

    private static final long LARGE_PATIENCE_NANOS = 1_000_000_000L;

    private final ByteBuffer small = ByteBuffer.allocate(SMALL).limit(0);
    private ByteBuffer current = small;
    private boolean busy;

    /** Starts with bytes that arrived behind the handshake. */
    InputBuffer(ByteBuffer leftover) {
        if (leftover.hasRemaining()) {
            current = ByteBuffer.allocate(leftover.remaining()).put(leftover).flip();
        }
    }

    /** The bytes to decode, from position to limit. */
    ByteBuffer bytes() {
        return current;
    }

    /**
     * Replaces the decoded bytes by new ones, blocking until there are some.
     *
     * @param timeoutNanos how long to wait, 0 for ever
     * @return what {@link Transport#read} returned
     */
    int fill(Transport transport, long timeoutNanos) throws IOException {
        assert !current.hasRemaining() : "undecoded bytes: " + current.remaining();
        if (busy) {
            int read = fillLarge(transport, timeoutNanos);
            if (read != 0 || (timeoutNanos != 0 && timeoutNanos <= LARGE_PATIENCE_NANOS)) {
                return read;
            }
            long rest = timeoutNanos == 0 ? 0 : timeoutNanos - LARGE_PATIENCE_NANOS;
            return fillSmall(transport, rest);
        }
        return fillSmall(transport, timeoutNanos);
    }

    private int fillLarge(Transport transport, long timeoutNanos) throws IOException {
        if (current.capacity() != BufferPool.BUFFER_SIZE) {
            current = BufferPool.borrow();
        }
        long patience = timeoutNanos == 0 ? LARGE_PATIENCE_NANOS : Math.min(timeoutNanos, LARGE_PATIENCE_NANOS);
        int read = read(transport, patience);
        busy = read > SMALL;
        if (read <= 0) {
            release();
        }
        return read;
    }

    private int fillSmall(Transport transport, long timeoutNanos) throws IOException {
        release();
        int read = read(transport, timeoutNanos);
        busy = read == SMALL;
        return read;
    }

    private int read(Transport transport, long timeoutNanos) throws IOException {
        current.clear();
        try {
            return transport.read(current, timeoutNanos);
        } finally {
            current.flip();
        }
    }

    /** Gives back what was borrowed; undecoded bytes are dropped. */
    void release() {
        if (current != small) {
            if (current.capacity() == BufferPool.BUFFER_SIZE) {
                BufferPool.giveBack(current);
            }
            current = small;
        }
        small.limit(0);
    }
}
