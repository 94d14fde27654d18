package io.github.postern.ws.connection.testkit;

import io.github.postern.ws.connection.TimeSource;
import io.github.postern.ws.connection.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A transport over another one that misbehaves as networks do. The faults can be changed at any time by any thread, and hold from the next read or write.
 * Each setter returns this transport.
 */
public final class FaultyTransport implements Transport {
    private final Transport target;
    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by lock, as all that follows. */
    private int most = Integer.MAX_VALUE;

    private long delayNanos;
    private boolean readsStalled;
    private boolean writesStalled;
    private long untilTruncation = Long.MAX_VALUE;
    private long untilReset = Long.MAX_VALUE;
    private boolean closed;

    /**
     * A transport that does what {@code target} does, until a fault is set.
     *
     * @param target belongs to it from now on. It waits in the time of a {@link MemoryTransport}, and with others in {@linkplain TimeSource#system the machine's}
     */
    public FaultyTransport(Transport target) {
        this.target = target;
        this.time = timeOf(target);
    }

    private static TimeSource timeOf(Transport target) {
        return switch (target) {
            case MemoryTransport memory -> memory.time();
            case FaultyTransport faulty -> faulty.time;
            default -> TimeSource.system();
        };
    }

    /**
     * Cuts: no more bytes than this are read at a time, or passed on by one write.
     *
     * @param mostBytes at least 1
     * @return this transport
     * @throws IllegalArgumentException if that is below 1
     */
    public FaultyTransport split(int mostBytes) {
        if (mostBytes < 1) {
            throw new IllegalArgumentException("mostBytes below 1: " + mostBytes);
        }
        return set(() -> most = mostBytes);
    }

    /**
     * Waits before each read and each write is passed on.
     *
     * @param time how long; not negative
     * @return this transport
     * @throws IllegalArgumentException if the time is negative
     */
    public FaultyTransport delay(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("delay negative: " + time);
        }
        return set(() -> delayNanos = TimeUnit.NANOSECONDS.convert(time)); // or the longest there is
    }

    /**
     * Lets nothing be read until {@link #resume}: reads block, and those with a timeout time out.
     *
     * @return this transport
     */
    public FaultyTransport stallReads() {
        return set(() -> readsStalled = true);
    }

    /**
     * Lets nothing be written until {@link #resume}: writes block.
     *
     * @return this transport
     */
    public FaultyTransport stallWrites() {
        return set(() -> writesStalled = true);
    }

    /**
     * Ends both stalls.
     *
     * @return this transport
     */
    public FaultyTransport resume() {
        return set(() -> {
            readsStalled = false;
            writesStalled = false;
        });
    }

    /**
     * Ends the stream that is read after so many bytes from now on, as a peer does that vanishes in good order.
     *
     * @param bytes how many bytes still pass; not negative
     * @return this transport
     * @throws IllegalArgumentException if that is negative
     */
    public FaultyTransport truncateAfter(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes negative: " + bytes);
        }
        return set(() -> untilTruncation = bytes);
    }

    /**
     * Fails reads and writes after so many bytes from now on, of both together, as a reset does. A write that would go beyond is passed on up to there.
     *
     * @param bytes how many bytes still pass; not negative
     * @return this transport
     * @throws IllegalArgumentException if that is negative
     */
    public FaultyTransport resetAfter(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes negative: " + bytes);
        }
        return set(() -> untilReset = bytes);
    }

    private FaultyTransport set(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return this;
    }

    @Override
    public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
        long left = delayed(timeoutNanos);
        int room;
        lock.lock();
        try {
            while (readsStalled && !closed) {
                if (timeoutNanos == 0) {
                    changed.await();
                } else if (left <= 0) {
                    return 0;
                } else {
                    left = time.awaitNanos(changed, left);
                }
            }
            requireWhole();
            if (untilTruncation == 0) {
                return -1;
            }
            room = (int) Math.min(Math.min(dst.remaining(), most), Math.min(untilTruncation, untilReset));
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
        var part = dst.slice(dst.position(), room);
        int read = target.read(part, timeoutNanos == 0 ? 0 : Math.max(1, left));
        if (read > 0) {
            dst.position(dst.position() + read);
            pass(read, true);
        }
        return read;
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
        while (src.hasRemaining()) {
            var unused = delayed(0);
            int length;
            lock.lock();
            try {
                while (writesStalled && !closed) {
                    changed.awaitUninterruptibly();
                }
                requireWhole();
                length = (int) Math.min(Math.min(src.remaining(), most), untilReset);
            } finally {
                lock.unlock();
            }
            target.write(src.slice(src.position(), length));
            src.position(src.position() + length);
            pass(length, false);
        }
    }

    private void requireWhole() throws IOException {
        if (closed) {
            throw new IOException("transport closed");
        }
        if (untilReset == 0) {
            throw new SocketException("Connection reset");
        }
    }

    /** Counts bytes that went through. */
    private void pass(int bytes, boolean read) {
        lock.lock();
        try {
            if (untilReset != Long.MAX_VALUE) {
                untilReset -= bytes;
            }
            if (read && untilTruncation != Long.MAX_VALUE) {
                untilTruncation -= bytes;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits the delay; what is left of the timeout then. */
    private long delayed(long timeoutNanos) throws IOException {
        lock.lock();
        try {
            long rest = delayNanos;
            while (rest > 0 && !closed) {
                rest = time.awaitNanos(changed, rest);
            }
            return timeoutNanos - delayNanos;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("closed by interrupt", e);
    }

    @Override
    public void shutdownOutput() throws IOException {
        target.shutdownOutput();
    }

    @Override
    public void close() {
        set(() -> closed = true);
        target.close();
    }

    @Override
    public Optional<SocketAddress> remoteAddress() {
        return target.remoteAddress();
    }
}
