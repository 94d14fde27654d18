package io.github.postern.ws.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bytes that were read and not yet decoded. A connection on which little arrives waits in a read with a small buffer of its own. When that came back full, the rest is read into a borrowed large
 * one; and as long as more arrives at once than the small one holds, it also waits with the large one, so that what arrives together takes one read. Only so many connections do that at once, and
 * one that falls silent lets go with the next Pong. Where the transport cannot tell whether there is more, the large one is there for a second. For the reading thread only.
 */
final class InputBuffer {
    static final int SMALL = 144;

    /** How many connections wait with a large buffer at once, at most: 8 MiB of them. */
    static final int MOST_HOLDERS = 256;

    private static final long LARGE_PATIENCE_NANOS = 1_000_000_000L;
    private static final AtomicInteger HOLDERS = new AtomicInteger();

    private final ByteBuffer small = ByteBuffer.allocate(SMALL).limit(0);
    private ByteBuffer current = small;

    /** Whether the last read filled its buffer, so that there may be more. */
    private boolean full;

    /** Whether the last read brought more than the small buffer holds, as far as is known. */
    private boolean flowing;

    /** Whether this is one of the {@link #HOLDERS}. */
    private boolean holding;

    /** What the transport said last; negative if it does not know. */
    private int available;

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

    /** Whether the next {@link #fill} may have to wait: false if it is known that there is more. */
    boolean mayWait(Transport transport) throws IOException {
        available = full ? transport.available() : 0;
        return available <= 0;
    }

    /** How many bytes can be read at once, as far as is known. Follows {@link #mayWait}. */
    int available() {
        return available;
    }

    /**
     * Reads what is known to be there to somewhere else.
     *
     * @return what {@link Transport#read} returned
     */
    int bypass(Transport transport, ByteBuffer target, long timeoutNanos) throws IOException {
        release();
        int read = transport.read(target, timeoutNanos);
        full = true; // if there is no more, that is soon known
        flowing = true;
        return read;
    }

    /**
     * Replaces the decoded bytes by new ones, blocking until there are some. Follows {@link #mayWait}.
     *
     * @param timeoutNanos how long to wait, 0 for ever
     * @return what {@link Transport#read} returned
     */
    int fill(Transport transport, long timeoutNanos) throws IOException {
        assert !current.hasRemaining() : "undecoded bytes: " + current.remaining();
        long left = timeoutNanos;
        while (true) { // in one method, because its stack is kept by every idle connection
            choose();
            boolean impatient = available < 0 && (left == 0 || left > LARGE_PATIENCE_NANOS);
            int read = 0;
            try {
                read = transport.read(current, impatient ? LARGE_PATIENCE_NANOS : left);
            } finally {
                current.flip();
            }
            full = read == current.capacity();
            flowing = current == small ? full : read > SMALL;
            if (read > 0) {
                return read;
            }
            release();
            if (read < 0 || !impatient) {
                return read;
            }
            available = 0;
            left = left == 0 ? 0 : left - LARGE_PATIENCE_NANOS;
        }
    }

    /** Makes the buffer empty and as large as is likely to be needed. */
    private void choose() {
        if (available != 0 || (flowing && mayHold())) {
            if (current.capacity() != BufferPool.BUFFER_SIZE) {
                current = BufferPool.borrow();
            }
        } else {
            release();
        }
        current.clear();
    }

    /** Whether it may wait with the large buffer. */
    private boolean mayHold() {
        if (!holding) {
            holding = HOLDERS.incrementAndGet() <= MOST_HOLDERS;
            if (!holding) {
                HOLDERS.decrementAndGet();
            }
        }
        return holding;
    }

    /** Gives back what was borrowed; undecoded bytes are dropped. */
    void release() {
        if (current != small) {
            if (current.capacity() == BufferPool.BUFFER_SIZE) {
                BufferPool.giveBack(current);
            }
            current = small;
        }
        if (holding) {
            holding = false;
            HOLDERS.decrementAndGet();
        }
        small.limit(0);
    }
}
