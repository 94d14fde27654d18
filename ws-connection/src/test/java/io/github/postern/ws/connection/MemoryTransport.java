package io.github.postern.ws.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Two transports joined in memory, each direction a bounded pipe, so that a peer that does not read stalls a writer. */
final class MemoryTransport implements Transport {
    static final int CAPACITY = 64 * 1024;

    /** One direction. */
    private static final class Pipe {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final ByteBuffer bytes = ByteBuffer.allocate(CAPACITY);
        private boolean ended;
        private boolean closed;
        private boolean reading;
        private boolean writing;

        void await(BooleanSupplier condition) throws InterruptedException {
            lock.lock();
            try {
                while (!condition.getAsBoolean()) {
                    changed.await();
                }
            } finally {
                lock.unlock();
            }
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
                        left = changed.awaitNanos(left);
                    }
                }
                if (closed) {
                    throw new IOException("transport closed");
                }
                if (bytes.position() == 0) {
                    return -1;
                }
                bytes.flip();
                int count = Math.min(dst.remaining(), bytes.remaining());
                dst.put(bytes.slice(bytes.position(), count));
                bytes.position(bytes.position() + count);
                bytes.compact();
                changed.signalAll();
                return count;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // a virtual thread's socket is closed by an interrupt as well
                throw new IOException("closed by interrupt", e);
            } finally {
                reading = false;
                lock.unlock();
            }
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

        void end() {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        void close() {
            lock.lock();
            try {
                closed = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private final Pipe in;
    private final Pipe out;
    private final Set<String> readers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** How many writes this side made: each stands for a system call. */
    final AtomicInteger writes = new AtomicInteger();

    private MemoryTransport(Pipe in, Pipe out) {
        this.in = in;
        this.out = out;
    }

    /** The two ends of one connection. */
    static MemoryTransport[] pair() {
        var there = new Pipe();
        var back = new Pipe();
        return new MemoryTransport[] {new MemoryTransport(there, back), new MemoryTransport(back, there)};
    }

    @Override
    public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
        if (closed) {
            throw new IOException("transport closed");
        }
        readers.add(Thread.currentThread().getName());
        return in.read(dst, timeoutNanos);
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
        writes.incrementAndGet();
        out.write(src);
    }

    @Override
    public void shutdownOutput() {
        out.end();
    }

    @Override
    public void close() {
        closed = true;
        out.end();
        in.close();
    }

    /** Waits until a thread is blocked in a read. */
    void awaitReader() throws InterruptedException {
        in.await(() -> in.reading);
    }

    /** Waits until a thread is blocked in a write. */
    void awaitWriter() throws InterruptedException {
        out.await(() -> out.writing);
    }

    /** Whether a thread of this name read. */
    boolean wasReadBy(String threadName) {
        return readers.contains(threadName);
    }

    boolean isClosed() {
        return closed;
    }
}
