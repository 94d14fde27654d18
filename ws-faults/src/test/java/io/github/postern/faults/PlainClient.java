package io.github.postern.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client that says what it is told, and reads bytes. */
final class PlainClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;

    PlainClient(FaultProxy proxy) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    void get(String target, String... fields) throws IOException {
        write("GET " + target + " HTTP/1.1\r\nHost: here\r\n" + lines(fields) + "\r\n");
    }

    void post(String target, String body, String... fields) throws IOException {
        write("POST " + target + " HTTP/1.1\r\nHost: here\r\n" + lines(fields) + "Content-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    void upgrade() throws IOException {
        get("/ws", "Upgrade: websocket", "Connection: Upgrade");
    }

    private static String lines(String... fields) {
        return fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
    }

    /** The status of the response whose head comes, which is read. */
    int status() throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append(read(1));
        }
        return Integer.parseInt(head.substring(9, 12));
    }

    String read(int length) throws IOException {
        var bytes = socket.getInputStream().readNBytes(length);
        assertEquals(length, bytes.length, () -> "ended after: " + new String(bytes, StandardCharsets.US_ASCII));
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** What comes until the end. */
    String rest() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    void assertAnswered(int status, String body) throws IOException {
        assertEquals(status, status());
        assertEquals(body, read(body.length()));
    }

    /** Says no more, and goes on listening. */
    void end() throws IOException {
        socket.shutdownOutput();
    }

    /** Neither a byte nor an end comes for a tenth of a second. */
    void assertSilence() throws IOException {
        socket.setSoTimeout(100);
        assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    void assertReset() {
        assertThrows(SocketException.class, this::rest);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
