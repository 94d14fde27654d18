package io.github.postern.ws.connection;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Buffers lent to connections while bytes are in flight, so that an idle connection holds none. At most {@link #KEPT} of
 * them are kept; more are allocated when more connections are busy at once, and left to the garbage collector afterwards.
 */
final class BufferPool {
    /** Large enough to spread a system call over many small frames, small enough to stay in a core's cache. */
    static final int BUFFER_SIZE = 32 * 1024;

    private static final int KEPT = 64;
    private static final int PROBES = 4;
    private static final AtomicReferenceArray<ByteBuffer> KEPT_BUFFERS = new AtomicReferenceArray<>(KEPT);

    private BufferPool() {}

    /** An empty heap buffer of {@link #BUFFER_SIZE} bytes. */
    static ByteBuffer borrow() {
        int slot = firstSlot();
        for (int i = 0; i < PROBES; i++) {
            ByteBuffer buffer = KEPT_BUFFERS.getAndSet((slot + i) % KEPT, null);
            if (buffer != null) {
                return buffer.clear();
            }
        }
        return ByteBuffer.allocate(BUFFER_SIZE);
    }

    /** Takes back a buffer that nobody refers to any more. */
    static void giveBack(ByteBuffer buffer) {
        int slot = firstSlot();
        for (int i = 0; i < PROBES; i++) {
            if (KEPT_BUFFERS.compareAndSet((slot + i) % KEPT, null, buffer)) {
                return;
            }
        }
    }

    /** Threads start at different slots, so that they seldom meet. */
    private static int firstSlot() {
        return (int) (Thread.currentThread().threadId() % KEPT);
    }
}
