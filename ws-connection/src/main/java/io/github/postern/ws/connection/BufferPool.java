package io.github.postern.ws.connection;

import java.nio.ByteBuffer;

/**
 * Buffers lent to connections while bytes are in flight, so that an idle connection holds none. At most {@link #KEPT} of
 * them are kept; more are allocated when more connections are busy at once, and left to the garbage collector afterwards.
 */
final class BufferPool {
    /** Large enough to spread a system call over many small frames, small enough to stay in a core's cache. */
    static final int BUFFER_SIZE = 32 * 1024;

    private static final int KEPT = 64;
    private static final Kept<ByteBuffer> BUFFERS = new Kept<>(KEPT);

    private BufferPool() {}

    /** An empty heap buffer of {@link #BUFFER_SIZE} bytes. */
    static ByteBuffer borrow() {
        var buffer = BUFFERS.take();
        return buffer != null ? buffer.clear() : ByteBuffer.allocate(BUFFER_SIZE);
    }

    /** Takes back a buffer that nobody refers to any more. */
    static void giveBack(ByteBuffer buffer) {
        BUFFERS.put(buffer);
    }
}
