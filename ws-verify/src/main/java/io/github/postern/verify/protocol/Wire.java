package io.github.postern.verify.protocol;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A TCP connection to the server. Whoever reads waits at most for the patience that was set. */
final class Wire implements AutoCloseable {
    private final Socket socket;
    private final InputStream input;

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.input = new BufferedInputStream(socket.getInputStream());
    }

    static Wire connect(InetSocketAddress address, Duration patience) throws IOException {
        var socket = new Socket();
        try {
            int millis = Math.toIntExact(patience.toMillis());
            socket.connect(address, millis);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(millis);
            return new Wire(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** How long to wait for the next byte from now on. */
    void patience(Duration patience) throws IOException {
        socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
    }

    /** Whether so long nothing comes, the end of the connection included. */
    boolean isQuietFor(Duration time) throws IOException {
        int before = socket.getSoTimeout();
        patience(time);
        input.mark(1);
        try {
            int unused = input.read();
            input.reset();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(before);
        }
    }

    InputStream input() {
        return input;
    }

    int read() throws IOException {
        return input.read();
    }

    byte[] read(int length) throws IOException {
        var bytes = input.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection has ended");
        }
        return bytes;
    }

    /** A line up to CR LF. */
    String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = input.read(); b != '\n'; b = input.read()) {
            if (b < 0) {
                throw new EOFException("the connection has ended in a line: " + line);
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // the descriptor is released whatever close() says
        }
    }
}
