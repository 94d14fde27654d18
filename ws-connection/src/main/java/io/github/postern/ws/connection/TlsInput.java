package io.github.postern.ws.connection;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * The records that a {@link TlsTransport} reads. It waits for one with a small buffer of its own, in which those of small messages fit; a larger one is borrowed while more than that
 * has arrived of a record, or a lot is expected. For the reading thread only.
 */
final class TlsInput {
    /**
     * Room for a record of a small message, or for a few: if so many come that what they carry is more than {@link InputBuffer#SMALL}, a larger read follows.
     */
    static final int SMALL = 320;

    /** Who reads into so much has been given much before, and has buffers borrowed itself. */
    private static final int MUCH = 16 * 1024;

    private static final int HEADER = 5;

    /** RFC 5246 §6.2.3; RFC 8446 §5.2 allows fewer. */
    private static final int MAX_RECORD = 16 * 1024 + 2048;

    /**
     * How many records may come in a row that carry no data, and how many requests for new keys before the answer to the first is written. They cost
     * their sender little, and this side much, requests also memory.
     */
    static final int MAX_WITHOUT_DATA = 32;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport transport;
    private final SSLEngine engine;
    private final TlsOutput output;
    private final ByteBuffer small = ByteBuffer.allocate(SMALL).limit(0);

    /** What was read and not decrypted, from position to limit: the small buffer, or a borrowed one. */
    private ByteBuffer network = small;

    /** What of a record did not fit where it was to be read to; borrowed, or null if there is nothing. */
    private @Nullable ByteBuffer plaintext;

    private int withoutData;
    private int unanswered;

    /** How many writes there had been when the last request for new keys came. */
    private int writes;

    private boolean ended;
    private boolean failed;

    TlsInput(Transport transport, SSLEngine engine, TlsOutput output) {
        this.transport = transport;
        this.engine = engine;
        this.output = output;
    }

    int read(ByteBuffer dst, long timeoutNanos) throws IOException {
        if (plaintext != null) {
            return handOut(plaintext, dst);
        }
        if (ended) {
            return -1;
        }
        if (failed) {
            throw new SSLException("TLS has failed");
        }
        long deadline = timeoutNanos == 0 ? Deadline.NONE : Deadline.after(TimeSource.system(), timeoutNanos);
        try { // in one method, because its stack is kept by every idle connection
            int read = decrypt(dst);
            while (read == 0) {
                int filled = fill(dst.remaining() >= MUCH, Deadline.remaining(TimeSource.system(), deadline));
                if (filled < 0) {
                    throw new EOFException(
                            "the peer ended the stream without close_notify: it may have been cut short");
                }
                if (filled == 0) {
                    return 0;
                }
                read = decrypt(dst);
                if (read == 0 && Deadline.hasPassed(TimeSource.system(), deadline)) {
                    return 0;
                }
            }
            return read;
        } catch (SSLException e) {
            failed = true;
            dropNetwork();
            engine.closeOutbound();
            output.finishSoon();
            throw e;
        } finally {
            release();
        }
    }

    int available() throws IOException {
        if (plaintext != null) {
            return plaintext.remaining();
        }
        return network.hasRemaining() && hasRecord() ? network.remaining() : transport.available();
    }

    /** Decrypts the records that have arrived, as far as their data fit; -1 at close_notify. */
    private int decrypt(ByteBuffer dst) throws SSLException {
        int start = dst.position();
        while (dst.hasRemaining() && hasRecord()) {
            var result = engine.unwrap(network, dst);
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                var whole = BufferPool.borrow();
                result = engine.unwrap(network, whole);
                plaintext = whole.flip();
                handOut(whole, dst);
            }
            judge(result);
        }
        int read = dst.position() - start;
        return read == 0 && ended ? -1 : read;
    }

    /** Asked here and not of the engine, which wants room for any record before it tells that there is none. */
    private boolean hasRecord() throws SSLException {
        if (network.remaining() < HEADER) {
            return false;
        }
        int length = network.getShort(network.position() + HEADER - 2) & 0xFFFF;
        if (length > MAX_RECORD) {
            throw new SSLProtocolException("a TLS record of " + length + " bytes, more than there may be");
        }
        return network.remaining() >= HEADER + length;
    }

    private void judge(SSLEngineResult result) throws SSLException {
        var needs = result.getHandshakeStatus();
        if (result.getStatus() == Status.CLOSED) {
            ended = true;
            dropNetwork(); // RFC 8446 §6.1: what follows is ignored
            if (needs == HandshakeStatus.NEED_WRAP) {
                output.finishSoon(); // RFC 5246 §7.2.1: answered by our own, there is nothing to write any more
            }
        } else if (result.getStatus() != Status.OK) {
            throw new SSLProtocolException("a TLS record that cannot be decrypted: " + result.getStatus());
        } else if (needs == HandshakeStatus.NEED_TASK || result.bytesConsumed() == 0) {
            throw new SSLHandshakeException("the peer began another TLS handshake, which is refused");
        } else if (result.bytesProduced() > 0) {
            withoutData = 0;
        } else {
            limit(needs == HandshakeStatus.NEED_WRAP);
        }
    }

    private void limit(boolean owesAnswer) throws SSLException {
        if (writes != output.writes()) {
            writes = output.writes();
            unanswered = 0;
        }
        withoutData++;
        unanswered += owesAnswer ? 1 : 0;
        if (Math.max(withoutData, unanswered) > MAX_WITHOUT_DATA) {
            throw new SSLProtocolException("more than " + MAX_WITHOUT_DATA + " TLS records without data");
        }
    }

    /** Takes one record of the handshake, reading it first if need be. */
    SSLEngineResult takeHandshakeRecord() throws IOException {
        while (true) {
            var result = engine.unwrap(network, NOTHING);
            if (result.getStatus() != Status.BUFFER_UNDERFLOW) {
                return result;
            }
            release();
            if (fill(false, 0) < 0) {
                throw new SSLHandshakeException("the peer ended the stream within the TLS handshake");
            }
        }
    }

    /** Reads more; returns what {@link Transport#read} does. */
    private int fill(boolean much, long timeoutNanos) throws IOException {
        if (network == small && (much || small.remaining() == SMALL)) {
            network = BufferPool.borrow().put(small).flip();
            small.limit(0);
        }
        if (network.position() > 0) {
            network.compact();
        } else {
            network.position(network.limit()).limit(network.capacity());
        }
        try {
            if (!network.hasRemaining()) {
                throw new SSLProtocolException("a TLS record of more than " + network.capacity() + " bytes");
            }
            return transport.read(network, timeoutNanos);
        } finally {
            network.flip();
        }
    }

    private int handOut(ByteBuffer from, ByteBuffer dst) {
        int count = Math.min(from.remaining(), dst.remaining());
        dst.put(dst.position(), from, from.position(), count).position(dst.position() + count);
        from.position(from.position() + count);
        if (!from.hasRemaining()) {
            plaintext = null;
            BufferPool.giveBack(from);
        }
        return count;
    }

    private void dropNetwork() {
        network.position(network.limit());
    }

    /** Gives back the buffer for records if it is empty. */
    void release() {
        if (network != small && !network.hasRemaining()) {
            BufferPool.giveBack(network);
            network = small;
        }
    }

    boolean holdsBuffers() {
        return network != small || plaintext != null;
    }
}
