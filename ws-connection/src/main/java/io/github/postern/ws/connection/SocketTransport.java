package io.github.postern.ws.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A {@link Transport} over a plain socket. {@link TlsTransport} puts TLS on it. */
public final class SocketTransport implements Transport {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** What SO_TIMEOUT is set to, since setting it takes the locks of the socket. Reading thread only. */
    private int timeoutMillis;

    private SocketTransport(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.timeoutMillis = socket.getSoTimeout();
        socket.setTcpNoDelay(true);
    }

    /**
     * {@return a transport over a connected plain socket}
     *
     * @param socket the socket; belongs to the transport from now on
     * @throws IOException if the socket is not connected
     */
    public static SocketTransport of(Socket socket) throws IOException {
        return new SocketTransport(socket);
    }

    @Override
    public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
        setTimeout(timeoutNanos);
        try {
            int read = in.read(dst.array(), dst.arrayOffset() + dst.position(), dst.remaining());
            if (read > 0) {
                dst.position(dst.position() + read);
            }
            return read;
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    private void setTimeout(long timeoutNanos) throws IOException {
        int millis = timeoutNanos == 0
                ? 0
                : Math.clamp(TimeUnit.NANOSECONDS.toMillis(timeoutNanos - 1) + 1, 1, Integer.MAX_VALUE);
        if (millis != timeoutMillis) {
            socket.setSoTimeout(millis);
            timeoutMillis = millis;
        }
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
        out.write(src.array(), src.arrayOffset() + src.position(), src.remaining());
        src.position(src.limit());
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes, with which TCP ends the output just so. */
    @Override
    public void finish() {
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // the descriptor is released whatever close() says, and nobody waits for more
        }
    }

    @Override
    public Optional<SocketAddress> remoteAddress() {
        return Optional.ofNullable(socket.getRemoteSocketAddress());
    }

    @Override
    public String toString() {
        return String.valueOf(socket.getRemoteSocketAddress());
    }
}
