package io.github.postern.ws.connection;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes that were read and not yet decoded. A connection waits in a read with a small buffer of its own. When that
 * came back full, more is likely to be there, and is read into a borrowed large one, which is given back when there is no more. Where
 * the transport cannot tell, it waits with the large one for a second. For the reading thread only.
 */
final class InputBuffer {
    static final int SMALL = 144;

    private static final long LARGE_PATIENCE_NANOS = 1_000_000_000L;

    private final ByteBuffer small = ByteBuffer.allocate(SMALL).limit(0);
    private ByteBuffer current = small;
    private boolean busy;

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
        available = busy ? transport.available() : 0;
        busy = available != 0;
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
        busy = true; // if there is no more, that is soon known
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
            boolean impatient = busy && available < 0 && (left == 0 || left > LARGE_PATIENCE_NANOS);
            choose();
            int read = 0;
            try {
                read = transport.read(current, impatient ? LARGE_PATIENCE_NANOS : left);
            } finally {
                current.flip();
            }
            busy = current == small ? read == SMALL : available < 0 ? read > SMALL : read == current.capacity();
            if (read > 0) {
                return read;
            }
            release();
            if (read < 0 || !impatient) {
                return read;
            }
            left = left == 0 ? 0 : left - LARGE_PATIENCE_NANOS;
        }
    }

    /** Makes the buffer empty and as large as is likely to be needed. */
    private void choose() {
        if (!busy) {
            release();
        } else if (current.capacity() != BufferPool.BUFFER_SIZE) {
            current = BufferPool.borrow();
        }
        current.clear();
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
