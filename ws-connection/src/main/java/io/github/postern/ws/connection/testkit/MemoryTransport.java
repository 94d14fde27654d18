package io.github.postern.ws.connection.testkit;

import io.github.postern.ws.connection.TimeSource;
import io.github.postern.ws.connection.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One end of two transports that are joined in memory. Each direction holds a limited number of bytes, so that an end which does not read stalls the
 * other's writes, as with sockets; and an interrupt of a thread that reads closes nothing but fails its read, after which a connection ends.
 */
public final class MemoryTransport implements Transport {
    /** How many bytes each direction holds unless told otherwise. */
    public static final int CAPACITY = 64 * 1024;

    private final Pipe in;
    private final Pipe out;
    private final TimeSource time;
    private final Set<String> readers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger writes = new AtomicInteger();
    private volatile boolean closed;

    private MemoryTransport(Pipe in, Pipe out, TimeSource time) {
        this.in = in;
        this.out = out;
        this.time = time;
    }

    /**
     * The two ends of one connection.
     *
     * @param one what this end writes, the other reads
     * @param other the other end
     */
    public record Pair(MemoryTransport one, MemoryTransport other) {}

    /** {@return two ends, of which each direction holds {@link #CAPACITY} bytes} */
    public static Pair pair() {
        return pair(CAPACITY);
    }

    /**
     * {@return two ends}
     *
     * @param capacity how many bytes each direction holds
     * @throws IllegalArgumentException if that is below 1
     */
    public static Pair pair(int capacity) {
        return pair(capacity, TimeSource.system());
    }

    /**
     * {@return two ends that wait in a time of their own}
     *
     * @param capacity how many bytes each direction holds
     * @param time that of the connections, for instance a {@link ManualClock}
     * @throws IllegalArgumentException if the capacity is below 1
     */
    public static Pair pair(int capacity, TimeSource time) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity below 1: " + capacity);
        }
        var there = new Pipe(capacity, time);
        var back = new Pipe(capacity, time);
        time.watch(there::check);
        time.watch(back::check);
        return new Pair(new MemoryTransport(there, back, time), new MemoryTransport(back, there, time));
    }

    /** The time that it waits in. */
    TimeSource time() {
        return time;
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
    public int available() {
        return in.available();
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

    /** {@return whether this end was closed} */
    public boolean isClosed() {
        return closed;
    }

    /** {@return how many writes this end made: each stands for a system call} */
    public int writes() {
        return writes.get();
    }

    /**
     * {@return whether a thread of this name has read from this end}
     *
     * @param threadName the name that the thread had while it read
     */
    public boolean wasReadBy(String threadName) {
        return readers.contains(threadName);
    }

    /**
     * Waits until a thread is blocked in a read of this end.
     *
     * @throws InterruptedException if the calling thread is interrupted
     * @throws IllegalStateException if whoever could be is no longer: the reading end is closed
     */
    public void awaitReader() throws InterruptedException {
        in.awaitReader();
    }

    /**
     * Waits until a thread is blocked in a write of this end, because the other does not read.
     *
     * @throws InterruptedException if the calling thread is interrupted
     * @throws IllegalStateException if whoever could be is no longer: either end is closed, or the output was shut down
     */
    public void awaitWriter() throws InterruptedException {
        out.awaitWriter();
    }
}
