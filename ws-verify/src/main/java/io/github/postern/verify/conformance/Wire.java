package io.github.postern.verify.conformance;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;

/** A TCP connection as bytes. What is read has to come within the patience since {@link #restart}. */
final class Wire implements AutoCloseable {
    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;
    private final Duration patience;
    private long deadline;

    Wire(Socket socket, Duration patience) throws IOException {
        this.socket = socket;
        this.patience = patience;
        socket.setTcpNoDelay(true);
        this.input = new BufferedInputStream(socket.getInputStream());
        this.output = socket.getOutputStream();
        restart();
    }

    static Wire connect(InetSocketAddress address, Duration patience) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(address, Math.toIntExact(patience.toMillis()));
            return new Wire(socket, patience);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    Duration patience() {
        return patience;
    }

    /** From now on the patience counts. */
    void restart() {
        waitAtMost(patience);
    }

    /** As {@link #restart}, with another patience this time. */
    void waitAtMost(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
    }

    /** The next byte, or -1 at the end of the stream. */
    int read() throws IOException {
        awaitAtMostUntilDeadline();
        return input.read();
    }

    byte[] read(int length) throws IOException {
        var bytes = new byte[length];
        int from = 0;
        while (from < length) {
            awaitAtMostUntilDeadline();
            int read = input.read(bytes, from, length - from);
            if (read < 0) {
                throw new EOFException("the stream ends " + (length - from) + " bytes before the end of a frame");
            }
            from += read;
        }
        return bytes;
    }

    private void awaitAtMostUntilDeadline() throws IOException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("too late");
        }
        socket.setSoTimeout(Math.toIntExact(millis));
    }

    void write(byte[] bytes) throws IOException {
        output.write(bytes);
    }

    void writeInPieces(byte[] bytes, int size) throws IOException {
        for (int from = 0; from < bytes.length; from += size) {
            write(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
        }
    }

    /** Says that nothing more will be written; reading goes on. */
    void finishWriting() throws IOException {
        socket.shutdownOutput();
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
