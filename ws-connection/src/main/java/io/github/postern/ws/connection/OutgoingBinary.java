package io.github.postern.ws.connection;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A binary message on its way out: what {@link Connection#openBinary} hands to the application. */
final class OutgoingBinary extends OutputStream {
    private final WebSocketConnection connection;
    private final int fragmentSize;

    /** What was written and not sent, up to its position; null until something is. */
    private @Nullable ByteBuffer buffer;

    private boolean closed;

    OutgoingBinary(WebSocketConnection connection, int fragmentSize) {
        this.connection = connection;
        this.fragmentSize = fragmentSize;
    }

    @Override
    public void write(int b) throws IOException {
        requireOpen();
        sendIfFull(buffer().put((byte) b));
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, bytes.length);
        requireOpen();
        int at = from;
        int left = length;
        while (left > 0) {
            if (isEmpty() && left >= fragmentSize) {
                connection.sendBinaryPart(this, ByteBuffer.wrap(bytes, at, fragmentSize), false);
                at += fragmentSize;
                left -= fragmentSize;
            } else {
                var target = buffer();
                int step = Math.min(left, target.remaining());
                target.put(bytes, at, step);
                at += step;
                left -= step;
                sendIfFull(target);
            }
        }
    }

    /** Ends the fragment and sends it, if there is anything in it. */
    @Override
    public void flush() throws IOException {
        requireOpen();
        if (!isEmpty()) {
            send(false);
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            send(true);
        }
    }

    private boolean isEmpty() {
        return buffer == null || buffer.position() == 0;
    }

    private ByteBuffer buffer() {
        if (buffer == null) {
            buffer = ByteBuffer.allocate(fragmentSize);
        }
        return buffer;
    }

    private void sendIfFull(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            send(false);
        }
    }

    private void send(boolean last) throws IOException {
        var part = buffer == null ? ByteBuffer.allocate(0) : buffer.flip();
        connection.sendBinaryPart(this, part, last);
        part.clear();
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the message is closed");
        }
    }
}
