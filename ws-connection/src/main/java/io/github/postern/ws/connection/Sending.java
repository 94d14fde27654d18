package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Outbound;
import io.github.postern.ws.core.Reply;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a connection. One fair lock orders the senders, frames are encoded into a borrowed buffer, and the
 * buffer is written before the lock is released, unless the sender is known to send more at once.
 *
 * <p>The reader must not wait for a sender that is itself blocked by a peer that does not read: a Pong it owes while
 * another thread holds the lock is left behind, and whoever holds the lock sends it. Only the newest Ping needs an answer (RFC 6455 §5.5.3).
 */
final class Sending {
    /** What a thread does that holds {@link #writing}. */
    @FunctionalInterface
    private interface Begin {
        void frame(Outbound outbound);
    }

    private final Transport transport;
    private final Consumer<IOException> broken;
    private final long writeTimeoutNanos;
    private final ReentrantLock writing = new ReentrantLock(true);

    /** Guarded by writing. */
    private final Outbound outbound;

    /** Encoded and not yet written; null while there is nothing. Guarded by writing; read without it as a hint. */
    private @Nullable ByteBuffer output;

    /** The status of the Close frame that was sent. Written under writing. */
    private volatile @Nullable CloseStatus sent;

    private volatile Reply.@Nullable Pong owedPong;

    /** When the write in progress began, as {@link System#nanoTime}, or 0. */
    private volatile long writeStarted;

    private volatile long lastWrite = now();

    /** Whether the connection has ended, so that the outbound side is to be released. */
    private volatile boolean ended;

    /** Bytes of messages whose senders wait for the lock or for the transport. */
    private final AtomicLong buffered = new AtomicLong();

    /** Whether the watchdog has been asked to flush. */
    private final AtomicBoolean flushAsked = new AtomicBoolean();

    /**
     * Creates the side.
     *
     * @param broken told when a write fails, before the exception goes to the caller
     */
    Sending(Transport transport, Outbound outbound, ConnectionOptions options, Consumer<IOException> broken) {
        this.transport = transport;
        this.broken = broken;
        this.outbound = outbound;
        this.writeTimeoutNanos = options.writeTimeout().toNanos();
    }

    /**
     * Sends one data or ping frame.
     *
     * @param size how much it adds to the buffered amount
     * @param defer whether the bytes may wait for the reader's next {@link #flush}
     * @return false if a Close frame was sent before, and so nothing may follow
     */
    private boolean send(Begin frame, long size, boolean defer) throws IOException {
        buffered.addAndGet(size);
        try {
            acquire(writeTimeoutNanos);
            try {
                if (outbound.isClosed()) {
                    return false;
                }
                frame.frame(outbound);
                encode();
                settle(defer);
                return true;
            } finally {
                release();
            }
        } finally {
            buffered.addAndGet(-size);
        }
    }

    boolean text(String text, boolean defer) throws IOException {
        return send(out -> out.text(text), text.length(), defer);
    }

    boolean binary(ByteBuffer binary, boolean defer) throws IOException {
        return send(out -> out.binary(binary), binary.remaining(), defer);
    }

    boolean ping(ByteBuffer payload) throws IOException {
        return send(out -> out.ping(payload), 0, false);
    }

    /** Takes the reader's answer to a Ping. It leaves with the next {@link #flush} or with what another thread is sending. */
    void pong(Reply.Pong pong) throws IOException {
        if (writing.tryLock()) {
            try {
                encodePong(pong);
            } finally {
                unlock();
            }
        } else {
            var copy = ByteBuffer.allocate(pong.payload().remaining())
                    .put(pong.payload())
                    .flip();
            owedPong = new Reply.Pong(copy);
        }
        sendOwedPong();
    }

    /**
     * Sends a Close frame, after everything sent before it. Nothing can be sent afterwards.
     *
     * @return false if one was sent before
     */
    boolean close(CloseStatus status, long timeoutNanos) throws IOException {
        acquire(timeoutNanos);
        try {
            if (outbound.isClosed()) {
                return false;
            }
            outbound.close(status);
            encode();
            sent = status;
            settle(false);
            return true;
        } finally {
            unlock();
        }
    }

    /** Lets go of the compressor, when nobody is sending any more: the connection has ended. */
    void end() {
        ended = true;
        releaseIfEnded();
    }

    /** The status of the Close frame that was sent, or null if none was. */
    @Nullable
    CloseStatus sent() {
        return sent;
    }

    /** Ends the output behind the Close frame. */
    void shutdownOutput(long timeoutNanos) throws IOException {
        acquire(timeoutNanos);
        try {
            writeStarted = now();
            transport.shutdownOutput();
        } finally {
            writeStarted = 0;
            unlock();
        }
    }

    /** Writes what was deferred. Called by the reader before it blocks; a thread that is sending meanwhile does it itself. */
    void flush() throws IOException {
        if (output != null && writing.tryLock()) {
            try {
                settle(false);
            } finally {
                release();
            }
        }
    }

    /** Asks, once, that what was deferred be written within a millisecond or two even if the reader does not come back. */
    void flushSoon(Watchdog watchdog, WebSocketConnection connection) {
        if (output != null && flushAsked.compareAndSet(false, true)) {
            watchdog.flushSoon(connection);
        }
    }

    /** Whether the flush that was asked for is still needed; it may be asked for again. */
    boolean takeFlush() {
        flushAsked.set(false);
        return output != null;
    }

    /** Whether a write has been in progress for longer than it may. */
    boolean stalled(long now) {
        long started = writeStarted;
        return started != 0 && now - started > writeTimeoutNanos;
    }

    /** When a write began last. */
    long lastWrite() {
        return lastWrite;
    }

    long bufferedAmount() {
        return buffered.get();
    }

    private void acquire(long timeoutNanos) throws IOException {
        try {
            if (!writing.tryLock(timeoutNanos, TimeUnit.NANOSECONDS)) {
                throw new SocketTimeoutException("other senders kept this one waiting for "
                        + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms: nothing was sent");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for other senders: nothing was sent");
        }
    }

    private void release() throws IOException {
        unlock();
        sendOwedPong();
    }

    private void unlock() {
        writing.unlock();
        releaseIfEnded();
    }

    private void releaseIfEnded() {
        if (ended && writing.tryLock()) {
            try {
                outbound.release();
            } finally {
                writing.unlock();
            }
        }
    }

    /** Holding writing: encodes the begun frame, writing whenever the buffer is full. */
    private void encode() throws IOException {
        if (output == null) {
            output = BufferPool.borrow();
        }
        while (!outbound.encode(output)) {
            write();
            output = BufferPool.borrow();
        }
    }

    private void encodePong(Reply.Pong pong) throws IOException {
        if (!outbound.isClosed()) {
            outbound.reply(pong);
            encode();
        }
    }

    /** Holding writing: writes what is encoded, or leaves it for the reader. */
    private void settle(boolean defer) throws IOException {
        if (!defer) {
            write();
        }
    }

    /** Holding writing: writes what is encoded and gives the buffer back. */
    private void write() throws IOException {
        var full = output;
        if (full == null) {
            return;
        }
        output = null;
        lastWrite = now();
        writeStarted = lastWrite;
        try {
            transport.write(full.flip());
        } catch (IOException e) {
            broken.accept(e);
            throw e;
        } finally {
            writeStarted = 0;
        }
        BufferPool.giveBack(full);
    }

    /** Sends a Pong that was left behind. Whoever left it tries as well, in case the lock was released in between. */
    private void sendOwedPong() throws IOException {
        while (owedPong != null && writing.tryLock()) {
            try {
                var pong = owedPong;
                owedPong = null;
                if (pong != null) {
                    encodePong(pong);
                    write();
                }
            } finally {
                unlock();
            }
        }
    }

    private static long now() {
        return System.nanoTime() | 1; // 0 means that nothing is being written
    }
}
