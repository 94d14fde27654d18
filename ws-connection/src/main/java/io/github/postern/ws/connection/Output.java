package io.github.postern.ws.connection;

import io.github.postern.ws.core.Outbound;
import io.github.postern.ws.core.PreparedMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * From frames to the transport: they are encoded into a borrowed buffer, which is written when it is full or when that is
 * asked for. For the thread that has the {@link Turn}, unless said otherwise.
 */
final class Output {
    private static final int LARGEST_WRITE = 64 * 1024;

    private final Transport transport;
    private final Outbound outbound;
    private final WebSocketConnection connection;

    /** Counts, for {@link Totals}. */
    private long written;

    private boolean sliceEnded;

    /** Encoded and not yet written; null while there is nothing. */
    private @Nullable ByteBuffer buffer;

    /** When the write in progress began, or 0. */
    private volatile long writeStarted;

    private volatile long lastWrite;

    Output(WebSocketConnection connection, Transport transport, Outbound outbound) {
        this.connection = connection;
        this.transport = transport;
        this.outbound = outbound;
        this.lastWrite = now();
    }

    /** Where frames are begun, each of which has to be {@linkplain #encode encoded} before the next. */
    Outbound frames() {
        return outbound;
    }

    /** Encodes the frame begun, writing whenever the buffer is full. */
    void encode() throws IOException {
        if (buffer == null) {
            buffer = BufferPool.borrow();
        }
        while (!outbound.encode(buffer)) {
            var rest = outbound.takeRest();
            write();
            if (rest != null) {
                writeAsItIs(rest);
                return;
            }
            buffer = BufferPool.borrow();
        }
    }

    /** Writes a message, and what was encoded before. */
    void send(PreparedMessage message) throws IOException {
        var frame = buffer == null ? outbound.shareable(message) : null;
        if (frame == null) {
            outbound.prepared(message);
            encode();
            write();
        } else {
            writeAsItIs(frame);
        }
    }

    /** Writes bytes from where they lie: in pieces, for each of which there is the time of a write. */
    private void writeAsItIs(ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            write(bytes.limit(Math.min(end, bytes.position() + LARGEST_WRITE)));
        }
    }

    /** Writes what is encoded and gives the buffer back. */
    void write() throws IOException {
        var full = buffer;
        if (full == null) {
            return;
        }
        buffer = null;
        write(full.flip());
        BufferPool.giveBack(full);
    }

    private void write(ByteBuffer bytes) throws IOException {
        int size = bytes.remaining();
        sliceEnded |= Slice.ends(written, size);
        written += size;
        lastWrite = now();
        writeStarted = lastWrite;
        var event = ConnectionEvents.writing();
        try {
            transport.write(bytes);
        } catch (IOException e) {
            connection.closing().lost(e);
            throw e;
        } finally {
            writeStarted = 0;
            ConnectionEvents.wrote(event, connection, size);
        }
    }

    /** Whether so much was written that the thread should let others run; asked once. */
    boolean takeSliceEnd() {
        boolean ended = sliceEnded;
        sliceEnded = false;
        return ended;
    }

    /** Ends the output behind the Close frame. */
    void shutdown() throws IOException {
        writeStarted = now();
        try {
            transport.shutdownOutput();
        } finally {
            writeStarted = 0;
        }
    }

    /** Ends the output behind the Close frame, and the transport with it. */
    void finish() throws IOException {
        writeStarted = now();
        try {
            transport.finish();
        } finally {
            writeStarted = 0;
        }
    }

    /** Whether something is encoded and not written. A hint for a thread that does not have the turn. */
    boolean isPending() {
        return buffer != null;
    }

    /** In how many nanoseconds the write in progress will have taken so long. For any thread. */
    long untilStalled(long now, long timeoutNanos) {
        long started = writeStarted;
        return started == 0 ? Long.MAX_VALUE : timeoutNanos - (now - started);
    }

    /** How many bytes have been written. For any thread, perhaps a little late. */
    long bytes() {
        return written;
    }

    /** When a write began last. For any thread. */
    long lastWrite() {
        return lastWrite;
    }

    private long now() {
        return connection.time().nanoTime() | 1; // 0 means that nothing is being written
    }
}
