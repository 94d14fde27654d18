package io.github.postern.ws.connection.testkit;

import io.github.postern.ws.connection.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** One direction between two memory transports: bounded, so that a peer that does not read stalls a writer. */
final class Pipe {
    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by lock, as all that follows: what was written and not read is up to its position. */
    private final ByteBuffer bytes;

    private boolean ended;
    private boolean closed;
    private boolean reading;
    private boolean writing;

    Pipe(int capacity, TimeSource time) {
        this.time = time;
        bytes = ByteBuffer.allocate(capacity);
    }

    int read(ByteBuffer dst, long timeoutNanos) throws IOException {
        lock.lock();
        try {
            long left = timeoutNanos;
            while (bytes.position() == 0 && !ended && !closed) {
                reading = true;
                changed.signalAll();
                if (timeoutNanos == 0) {
                    changed.await();
                } else if (left <= 0) {
                    return 0;
                } else {
                    left = time.awaitNanos(changed, left);
                }
            }
            if (closed) {
                throw new IOException("transport closed");
            }
            return bytes.position() == 0 ? -1 : take(dst);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // a virtual thread's socket is closed by an interrupt as well
            throw new IOException("closed by interrupt", e);
        } finally {
            reading = false;
            lock.unlock();
        }
    }

    int available() {
        lock.lock();
        try {
            return bytes.position();
        } finally {
            lock.unlock();
        }
    }

    private int take(ByteBuffer dst) {
        bytes.flip();
        int count = Math.min(dst.remaining(), bytes.remaining());
        dst.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        bytes.compact();
        changed.signalAll();
        return count;
    }

    void write(ByteBuffer src) throws IOException {
        lock.lock();
        try {
            while (src.hasRemaining()) {
                while (!bytes.hasRemaining() && !closed && !ended) {
                    writing = true;
                    changed.signalAll();
                    changed.awaitUninterruptibly();
                }
                if (closed || ended) {
                    throw new IOException("transport closed");
                }
                int count = Math.min(src.remaining(), bytes.remaining());
                bytes.put(src.slice(src.position(), count));
                src.position(src.position() + count);
                changed.signalAll();
            }
        } finally {
            writing = false;
            lock.unlock();
        }
    }

    /** No more is written; what was written can be read. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more is read. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** As {@link TimeSource#watch} wants it: whether a thread was woken for something that it has not begun to take. */
    long check() {
        lock.lock();
        try {
            boolean toRead = reading && (bytes.position() > 0 || ended || closed);
            boolean toWrite = writing && (bytes.hasRemaining() || ended || closed);
            return toRead || toWrite ? 0 : closed ? -1 : Long.MAX_VALUE;
        } finally {
            lock.unlock();
        }
    }

    void awaitReader() throws InterruptedException {
        await(() -> reading, () -> closed);
    }

    void awaitWriter() throws InterruptedException {
        await(() -> writing, () -> closed || ended);
    }

    private void await(BooleanSupplier condition, BooleanSupplier over) throws InterruptedException {
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (over.getAsBoolean()) {
                    throw new IllegalStateException("transport closed");
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }
}
