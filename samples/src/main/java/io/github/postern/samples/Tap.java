package io.github.postern.samples;

import io.github.postern.ws.connection.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Lets two traces see what passes a transport, and passes it on as it is. */
final class Tap implements Transport {
    private final Transport transport;
    private final FrameTrace sent;
    private final FrameTrace received;

    Tap(Transport transport, FrameTrace sent, FrameTrace received) {
        this.transport = transport;
        this.sent = sent;
        this.received = received;
    }

    @Override
    public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
        int from = dst.position();
        int count = transport.read(dst, timeoutNanos);
        if (count > 0) {
            received.pass(dst.duplicate().flip().position(from));
        }
        return count;
    }

    @Override
    public int available() throws IOException {
        return transport.available();
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
        sent.pass(src);
        transport.write(src);
    }

    @Override
    public void shutdownOutput() throws IOException {
        transport.shutdownOutput();
    }

    @Override
    public void finish() throws IOException {
        transport.finish();
    }

    @Override
    public void close() {
        transport.close();
    }

    @Override
    public Optional<SocketAddress> remoteAddress() {
        return transport.remoteAddress();
    }
}
