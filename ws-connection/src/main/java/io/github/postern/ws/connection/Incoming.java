package io.github.postern.ws.connection;

import io.github.postern.ws.core.Event;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way in. Its parts are read by the thread that needs them, in the lead; those that a stand-in met
 * meanwhile wait in a queue.
 */
final class Incoming implements IncomingMessage {
    private final WebSocketConnection connection;
    private final boolean text;
    private final Thread receiver = Thread.currentThread();

    /** Parts that were read and not asked for; null while there never were any. Guarded by the lock of the receiving side. */
    private @Nullable ArrayDeque<Part> queue;

    /** Whether what is left is skipped. Written under the same lock. */
    private volatile boolean closed;

    /** What the application is reading. */
    private Part current;

    private long timeoutNanos;
    private @Nullable Reader reader;
    private @Nullable InputStream inputStream;

    /**
     * A piece of a message: of a text its characters, otherwise its bytes.
     *
     * @param size how much it counts for among what is not received
     */
    record Part(@Nullable CharBuffer characters, @Nullable ByteBuffer data, int size, boolean last) {
        static Part of(Message message) {
            return switch (message) {
                case Message.Text text -> new Part(CharBuffer.wrap(text.text()), null, 0, true);
                case Message.Binary binary -> new Part(null, binary.data(), 0, true);
            };
        }

        static Part of(Event.TextPart event) {
            var text = event.text();
            return new Part(CharBuffer.wrap(text), null, Inbox.OVERHEAD + text.length(), event.last());
        }

        /** A copy, for the event's bytes are soon overwritten. */
        static Part of(Event.BinaryPart event) {
            var size = event.data().remaining();
            var data = ByteBuffer.allocate(size).put(event.data()).flip();
            return new Part(null, data, Inbox.OVERHEAD + size, event.last());
        }

        boolean hasRemaining() {
            return characters != null ? characters.hasRemaining() : data != null && data.hasRemaining();
        }
    }

    /** A message whose first part was read. */
    Incoming(WebSocketConnection connection, Part first) {
        this.connection = connection;
        this.text = first.characters() != null;
        this.current = first;
    }

    @Override
    public boolean isText() {
        return text;
    }

    @Override
    public Reader reader() {
        if (!text) {
            throw new IllegalStateException("a binary message has no reader");
        }
        if (reader == null) {
            reader = new Characters();
        }
        return reader;
    }

    @Override
    public InputStream inputStream() {
        if (text) {
            throw new IllegalStateException("a text message has no input stream");
        }
        if (inputStream == null) {
            inputStream = new Bytes();
        }
        return inputStream;
    }

    @Override
    public void readTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("readTimeout not positive: " + timeout);
        }
        timeoutNanos = TimeUnit.NANOSECONDS.convert(timeout); // or the longest there is
    }

    @Override
    public void close() {
        connection.receiving().skip(this);
    }

    /** The thread that received it, and that must not receive another before this has ended. */
    Thread receiver() {
        return receiver;
    }

    // Guarded by the lock of the receiving side:

    boolean isClosed() {
        return closed;
    }

    /** Drops what is waiting; how much that counted for. */
    int dropRest() {
        closed = true;
        int size = 0;
        if (queue != null) {
            size = queue.stream().mapToInt(Part::size).sum();
            queue.clear();
        }
        return size;
    }

    /** Keeps a part that nobody asked for. */
    void keep(Part part) {
        if (queue == null) {
            queue = new ArrayDeque<>();
        }
        queue.add(part);
    }

    @Nullable
    Part poll() {
        return queue == null ? null : queue.poll();
    }

    // The application's side:

    /** Whether there is more; blocks until that is known. */
    private boolean advance() throws IOException {
        if (closed) {
            throw new IOException("the message is closed");
        }
        while (!current.hasRemaining() && !current.last()) {
            current = next();
        }
        return current.hasRemaining();
    }

    private Part next() throws IOException {
        try {
            return connection
                    .nextPart(this, timeoutNanos == 0 ? Deadline.NONE : Deadline.after(connection.time(), timeoutNanos))
                    .orElseThrow(() -> new SocketTimeoutException(
                            "nothing of the message for " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for more of a message");
        }
    }

    private final class Characters extends Reader {
        @Override
        public int read(char[] target, int from, int length) throws IOException {
            Objects.checkFromIndexSize(from, length, target.length);
            if (length == 0) {
                return 0;
            }
            if (!advance()) {
                return -1;
            }
            var characters = Objects.requireNonNull(current.characters());
            int step = Math.min(length, characters.remaining());
            characters.get(target, from, step);
            return step;
        }

        @Override
        public void close() {
            Incoming.this.close();
        }
    }

    private final class Bytes extends InputStream {
        @Override
        public int read() throws IOException {
            return advance() ? Objects.requireNonNull(current.data()).get() & 0xFF : -1;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            Objects.checkFromIndexSize(from, length, target.length);
            if (length == 0) {
                return 0;
            }
            if (!advance()) {
                return -1;
            }
            var data = Objects.requireNonNull(current.data());
            int step = Math.min(length, data.remaining());
            data.get(target, from, step);
            return step;
        }

        @Override
        public int available() {
            return closed || current.data() == null ? 0 : current.data().remaining();
        }

        @Override
        public void close() {
            Incoming.this.close();
        }
    }
}
