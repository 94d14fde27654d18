package io.github.postern.push;

import io.github.postern.ws.connection.Transport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

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
        if (endPoint.flush(src)) {
            return; // the network has taken it at once, and nobody needs to be called back
        }
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

    /** What one thread waits for and Jetty reports, without a lock or a thread of its own in between. */
    private static final class Completion implements Callback {
        private static final Object PENDING = new Object();
        private static final Object DONE = new Object();

        /** Pending, the thread that waits, done, or the failure. */
        private final AtomicReference<Object> state = new AtomicReference<>(PENDING);

        void reset() {
            state.set(PENDING);
        }

        /** Waits for ever if the time is 0; returns whether it completed. */
        boolean await(long timeoutNanos) throws IOException, InterruptedException {
            var waiting = Thread.currentThread();
            long begin = System.nanoTime();
            if (state.compareAndSet(PENDING, waiting)) {
                try {
                    while (state.get() == waiting && park(begin, timeoutNanos)) {
                        // woken for this, or for no reason
                    }
                } finally {
                    state.compareAndSet(waiting, PENDING);
                }
            }
            if (state.get() instanceof Throwable failure) {
                throw new IOException("the connection is closed", failure);
            }
            return state.get() == DONE;
        }

        /** Returns false if it is too late to wait. */
        private boolean park(long begin, long timeoutNanos) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (timeoutNanos == 0) {
                LockSupport.park(this);
                return true;
            }
            long rest = timeoutNanos - (System.nanoTime() - begin);
            LockSupport.parkNanos(this, rest); // not at all if there is none
            return rest > 0;
        }

        private void complete(Object outcome) {
            if (state.getAndSet(outcome) instanceof Thread waiting) {
                LockSupport.unpark(waiting);
            }
        }

        @Override
        public void succeeded() {
            complete(DONE);
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
