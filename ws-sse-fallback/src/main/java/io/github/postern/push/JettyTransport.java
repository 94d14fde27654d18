package io.github.postern.push;

import io.github.postern.ws.connection.Transport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Blocking reads and writes over one of Jetty's end points, which are asynchronous. */
final class JettyTransport implements Transport {
    private final EndPoint endPoint;
    private final Completion readable = new Completion();
    private final Completion written = new Completion();

    /** Whether {@link #readable} is registered and has not been called. Reading thread only. */
    private boolean interested;

    JettyTransport(EndPoint endPoint) {
        this.endPoint = endPoint;
    }

    @Override
    public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
        int read = fill(dst);
        while (read == 0) {
            if (!interested) {
                readable.reset();
                interested = true;
                endPoint.fillInterested(readable);
            }
            if (!await(readable, timeoutNanos)) {
                return 0; // the interest stays, for the next call
            }
            interested = false;
            read = fill(dst);
        }
        return read;
    }

    private int fill(ByteBuffer dst) throws IOException {
        // Jetty appends behind the limit of the buffer that it is given
        var view = ByteBuffer.wrap(dst.array(), dst.arrayOffset() + dst.position(), dst.remaining())
                .slice()
                .limit(0);
        int read = endPoint.fill(view);
        if (read > 0) {
            dst.position(dst.position() + read);
        }
        return read;
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
        written.reset();
        endPoint.write(written, src);
        await(written, 0);
        src.position(src.limit());
    }

    /** Waits for ever if the time is 0; returns whether it completed. An interrupt closes, as it does with a socket. */
    private boolean await(Completion completion, long timeoutNanos) throws IOException {
        try {
            return completion.await(timeoutNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new InterruptedIOException("closed by interrupt");
        }
    }

    @Override
    public void shutdownOutput() {
        endPoint.shutdownOutput();
    }

    @Override
    public void close() {
        endPoint.close();
    }

    @Override
    public String toString() {
        return String.valueOf(endPoint.getRemoteSocketAddress());
    }

    /** What one thread waits for and Jetty reports, without a thread of its own in between. */
    private static final class Completion implements Callback {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();

        /** Guarded by lock, as the failure. */
        private boolean done;

        private @Nullable Throwable failure;

        void reset() {
            lock.lock();
            try {
                done = false;
                failure = null;
            } finally {
                lock.unlock();
            }
        }

        boolean await(long timeoutNanos) throws IOException, InterruptedException {
            lock.lockInterruptibly();
            try {
                long rest = timeoutNanos;
                while (!done) {
                    if (timeoutNanos == 0) {
                        changed.await();
                    } else if (rest <= 0) {
                        return false;
                    } else {
                        rest = changed.awaitNanos(rest);
                    }
                }
                if (failure != null) {
                    throw new IOException("the connection is closed", failure);
                }
                return true;
            } finally {
                lock.unlock();
            }
        }

        private void complete(@Nullable Throwable cause) {
            lock.lock();
            try {
                done = true;
                failure = cause;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void succeeded() {
            complete(null);
        }

        @Override
        public void failed(Throwable cause) {
            complete(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
