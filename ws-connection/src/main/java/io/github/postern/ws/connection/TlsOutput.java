package io.github.postern.ws.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The records that a {@link TlsTransport} writes. For the writing thread, unless said otherwise. What the reading thread owes, it leaves to the next write: answers to key updates
 * may wait until then (RFC 8446 §4.6.3), and it must not wait for a writer that is blocked by a peer that does not read.
 */
final class TlsOutput {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** How long the reading thread waits for its last words to be written. In the machine's time, as all of TLS: it is about sockets. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    /** A failure is thrown again before its alert comes out: from the handshake's task, and from the engine. */
    private static final int REPEATED_FAILURES = 3;

    private static final AtomicIntegerFieldUpdater<TlsOutput> WRITES =
            AtomicIntegerFieldUpdater.newUpdater(TlsOutput.class, "writes");

    private final Transport transport;
    private final SSLEngine engine;
    private final ReentrantLock lock = new ReentrantLock();

    /** Records not yet written; null while there are none. Guarded by lock, once the handshake is through. */
    private @Nullable ByteBuffer records;

    private volatile int writes;

    TlsOutput(Transport transport, SSLEngine engine) {
        this.transport = transport;
        this.engine = engine;
    }

    void write(ByteBuffer src) throws IOException {
        lock.lock();
        try {
            while (src.hasRemaining()) {
                var result = wrap(src);
                if (result.getStatus() == Status.CLOSED) {
                    throw new SSLException("TLS has ended its output");
                }
                if (result.bytesProduced() == 0) {
                    throw new SSLException("TLS does not take data: " + result.getHandshakeStatus());
                }
            }
            flush();
        } finally {
            records = null;
            lock.unlock();
        }
    }

    /** A step of the handshake. */
    SSLEngineResult wrapNothing() throws IOException {
        return wrap(NOTHING);
    }

    /** Makes one record, of what the engine itself has to say or else of {@code src}; writes the ones before it if they are in the way. */
    private SSLEngineResult wrap(ByteBuffer src) throws IOException {
        while (true) {
            if (records == null) {
                records = BufferPool.borrow();
            }
            var result = engine.wrap(src, records);
            if (result.getStatus() != Status.BUFFER_OVERFLOW) {
                return result;
            }
            if (records.position() == 0) {
                throw new SSLException("a TLS record does not fit into " + records.capacity() + " bytes");
            }
            flush();
        }
    }

    /** Writes the records there are. */
    void flush() throws IOException {
        var full = records;
        if (full == null) {
            return;
        }
        records = null;
        if (full.position() > 0) {
            transport.write(full.flip());
            WRITES.incrementAndGet(this);
        }
        BufferPool.giveBack(full);
    }

    /** Writes what the engine still has to say. */
    void finish() throws IOException {
        lock.lock();
        try {
            int failures = 0;
            while (failures < REPEATED_FAILURES && !engine.isOutboundDone()) {
                try {
                    if (wrapNothing().bytesProduced() == 0) {
                        break;
                    }
                } catch (SSLException | RuntimeException e) {
                    failures++;
                }
            }
            flush();
        } finally {
            records = null;
            lock.unlock();
        }
    }

    /** Ends the output, whether TLS is able to say so or not. */
    void shutdown() throws IOException {
        engine.closeOutbound();
        finish();
        transport.shutdownOutput();
    }

    /**
     * As {@link #finish}, for the reading thread: waits a second at most, then leaves it to a thread that ends with the transport.
     */
    void finishSoon() {
        var thread = Thread.ofVirtual().name("postern-tls-farewell").start(() -> {
            try {
                finish();
            } catch (IOException e) {
                // nobody is there to hear it
            }
        });
        try {
            thread.join(FAREWELL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How often records were written; what the engine owed the peer before is among them. For any thread. */
    int writes() {
        return writes;
    }

    boolean holdsBuffers() {
        return records != null;
    }
}
