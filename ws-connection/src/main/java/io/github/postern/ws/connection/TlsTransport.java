package io.github.postern.ws.connection;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

/**
 * TLS 1.2 or 1.3 over another {@link Transport}, usually a {@link SocketTransport}, spoken by an {@link SSLEngine}. For integrators.
 *
 * <p><b>Memory.</b> Buffers for records are borrowed while a record is arriving, and until its plaintext has been read; a connection that is idle has 320 bytes
 * besides the engine. A {@link #read} into at least 16 KiB is taken for one that expects much: it waits with a borrowed buffer.
 *
 * <p><b>Ends.</b> TLS ends each direction by an alert, close_notify (RFC 8446 §6.1). A stream that ends without one may have been cut short by somebody who
 * can forge a FIN, so it is an {@link java.io.EOFException} and not an end.
 *
 * <p><b>Handshakes.</b> There is one. Renegotiation (RFC 5246 §7.4.1.1) is refused, as HTTP/2 and TLS 1.3 do: the peer that begins it fails the connection. New keys
 * (RFC 8446 §4.6.3) are taken as they come; the answer to a request for them goes out ahead of what is written next.
 */
public final class TlsTransport implements Transport {
    private final Transport transport;
    private final SSLEngine engine;
    private final TlsInput input;
    private final TlsOutput output;

    private TlsTransport(Transport transport, SSLEngine engine) {
        this.transport = transport;
        this.engine = engine;
        this.output = new TlsOutput(transport, engine);
        this.input = new TlsInput(transport, engine, output);
    }

    /**
     * Performs the TLS handshake, blocking until it is through. Somebody who wants to bound that closes the transport underneath, from another thread. A peer that is
     * refused is sent the alert that says why.
     *
     * @param transport what records are written to and read from; belongs to the result from now on, and still to the caller if this fails
     * @param engine a fresh engine in client or server mode, with its parameters set: for a client that verifies host names, {@linkplain
     *     javax.net.ssl.SSLContext#createSSLEngine(String, int) created} for a host and with the endpoint identification algorithm {@code HTTPS}
     * @return the transport of what is inside
     * @throws javax.net.ssl.SSLException if the peers do not agree, one does not trust the other, or the peer does not speak TLS
     * @throws IOException if the network fails, or the transport is closed
     * @throws IllegalStateException if the engine has no mode
     */
    public static TlsTransport handshake(Transport transport, SSLEngine engine) throws IOException {
        engine.beginHandshake();
        var tls = new TlsTransport(transport, engine);
        new TlsHandshake(engine, tls.input, tls.output).run();
        return tls;
    }

    /** {@return what was agreed upon, and who the peer is} For any thread. */
    public SSLSession session() {
        return engine.getSession();
    }

    /**
     * {@inheritDoc}
     *
     * @return as {@link Transport#read}; -1 at the peer's close_notify. When the time runs out in the middle of a record, nothing of it is lost
     * @throws javax.net.ssl.SSLException if what comes is not TLS or was changed on its way; if the peer begins another handshake, or sends more than 32 records
     *     in a row that carry no data, or more than 32 requests for new keys between two writes of this side. An alert tells the peer, for which this waits up to a second
     * @throws java.io.EOFException if the stream ends without close_notify
     * @throws IOException if reading fails otherwise, or the transport is closed
     */
    @Override
    public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
        return input.read(dst, timeoutNanos);
    }

    /**
     * {@inheritDoc}
     *
     * <p>What has arrived may be a part of a record, or carry no data: then a read blocks nevertheless.
     */
    @Override
    public int available() throws IOException {
        return input.available();
    }

    /**
     * {@inheritDoc}
     *
     * @throws javax.net.ssl.SSLException if the output has ended; in TLS 1.2 the peer's close_notify ends it too (RFC 5246 §7.2.1)
     * @throws IOException if writing fails otherwise, or the transport is closed
     */
    @Override
    public void write(ByteBuffer src) throws IOException {
        output.write(src);
    }

    /** Sends close_notify and {@linkplain Transport#shutdownOutput ends the output} underneath. */
    @Override
    public void shutdownOutput() throws IOException {
        output.shutdown();
    }

    /** Closes the transport underneath, without close_notify: that could block. */
    @Override
    public void close() {
        transport.close();
    }

    @Override
    public Optional<SocketAddress> remoteAddress() {
        return transport.remoteAddress();
    }

    /** Whether a buffer is borrowed. For the thread that reads and writes. */
    boolean holdsBuffers() {
        return input.holdsBuffers() || output.holdsBuffers();
    }

    @Override
    public String toString() {
        return transport.toString();
    }
}
