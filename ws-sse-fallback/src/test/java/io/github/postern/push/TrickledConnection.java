package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A connection over which a test writes slowly, and by whose silence it measures time. */
final class TrickledConnection implements AutoCloseable {
    private static final int PAUSE_MILLIS = 50;

    /** After so many pieces, 10 s, it is time to give up. */
    private static final int PATIENCE = 10_000 / PAUSE_MILLIS;

    private final long began = System.nanoTime();
    private final Socket socket;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    /** Connected, with the TLS handshake done if there is a context. */
    TrickledConnection(int port, @Nullable SSLContext context) throws IOException {
        var address = InetAddress.getLoopbackAddress();
        if (context == null) {
            socket = new Socket(address, port);
        } else {
            var secured = (SSLSocket) context.getSocketFactory().createSocket(address, port);
            secured.startHandshake();
            socket = secured;
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PAUSE_MILLIS);
    }

    private static Duration since(long time) {
        return Duration.ofNanos(System.nanoTime() - time);
    }

    void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Writes the text byte by byte, and waits in between. */
    void writeSlowly(String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            write(text.substring(i, i + 1));
            assertTrue(lives(), text.substring(0, i + 1));
        }
    }

    /** Whether the server has not ended the connection after a short pause, in which what it writes is kept. */
    private boolean lives() {
        try {
            while (true) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    return false;
                }
                received.write(next);
            }
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false; // a reset is an end too
        }
    }

    /** Says nothing for so long, and fails if the connection ends. */
    void stayQuiet(Duration time) {
        for (long begin = System.nanoTime(); since(begin).compareTo(time) < 0; ) {
            assertTrue(lives(), "ended after " + since(begin));
        }
    }

    /** Writes the bytes one by one, and the last piece of them again and again, until the server ends the connection; returns how long that took. */
    Duration trickle(byte[] bytes, int piece) {
        long begin = System.nanoTime();
        for (int i = 0; i < PATIENCE; i++) {
            try {
                int from = Math.min(i, bytes.length - piece);
                socket.getOutputStream().write(bytes, from, piece);
            } catch (IOException e) {
                return since(begin); // it has ended since the last look
            }
            if (!lives()) {
                return since(begin);
            }
        }
        throw new AssertionError("not ended after " + since(begin));
    }

    /** How long the connection has lived. */
    Duration age() {
        return since(began);
    }

    /** What came, up to now; then it is forgotten. */
    String received() {
        var text = received.toString(StandardCharsets.ISO_8859_1);
        received.reset();
        return text;
    }

    /** The next response that has come whole within 5 s. */
    String response() {
        for (long begin = System.nanoTime(); since(begin).toSeconds() < 5 && lives(); ) {
            if (received.size() > 0) {
                break;
            }
        }
        return received();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
