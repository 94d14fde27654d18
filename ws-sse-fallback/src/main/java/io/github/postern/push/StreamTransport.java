package io.github.postern.push;

import io.github.postern.ws.connection.Transport;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The blocking streams of a servlet upgrade. They know no timeouts, so a virtual thread of its own reads, one chunk ahead at most
 * and only when somebody waits for it.
 */
final class StreamTransport implements Transport, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StreamTransport.class.getName());
    private static final int CHUNK = 4096;

    private final WebConnection connection;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** What was read and not yet taken. Guarded by lock, as all below. */
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    private boolean wanted;
    private boolean started;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException failure;

    StreamTransport(WebConnection connection) {
        this.connection = connection;
    }

    @Override
    public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
        lock.lock();
        try {
            long rest = timeoutNanos;
            while (!chunk.hasRemaining()) {
                if (closed) {
                    throw new IOException("the connection is closed", failure);
                }
                if (failure != null) {
                    throw failure;
                }
                if (ended) {
                    return -1;
                }
                want();
                if (timeoutNanos == 0) {
                    changed.await();
                } else if (rest <= 0) {
                    return 0;
                } else {
                    rest = changed.awaitNanos(rest);
                }
            }
            int length = Math.min(chunk.remaining(), dst.remaining());
            dst.put(chunk.slice(chunk.position(), length));
            chunk.position(chunk.position() + length);
            return length;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new InterruptedIOException("closed by interrupt");
        } finally {
            lock.unlock();
        }
    }

    private void want() {
        wanted = true;
        changed.signalAll();
        if (!started) {
            started = true;
            var unused = Thread.ofVirtual().name("postern-push-reader").start(this::readAhead);
        }
    }

    private void readAhead() {
        var bytes = new byte[CHUNK];
        while (awaitDemand()) {
            int length = -1;
            IOException failed = null;
            try {
                length = connection.getInputStream().read(bytes);
            } catch (IOException e) {
                failed = e;
            }
            if (!deliver(bytes, length, failed)) {
                return;
            }
        }
    }

    private boolean awaitDemand() {
        lock.lock();
        try {
            while (!wanted && !closed) {
                changed.awaitUninterruptibly();
            }
            wanted = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean deliver(byte[] bytes, int length, @Nullable IOException failed) {
        lock.lock();
        try {
            failure = failed;
            ended = length < 0;
            chunk = ByteBuffer.wrap(bytes, 0, Math.max(0, length));
            changed.signalAll();
            return !ended && failed == null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
        var out = connection.getOutputStream();
        out.write(src.array(), src.arrayOffset() + src.position(), src.remaining());
        out.flush();
        src.position(src.limit());
    }

    @Override
    public void shutdownOutput() throws IOException {
        connection.getOutputStream().flush(); // the servlet API knows no half-closed connection
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            connection.close();
        } catch (Exception e) {
            LOG.log(Level.DEBUG, "closing an upgraded connection failed; the container releases it", e);
        }
    }
}
