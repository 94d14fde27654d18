package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that no longer reads: what cannot be written in time ends its attachment and not its session (PROTOCOL.md §11). */
@Timeout(30)
class StalledClientTest {
    private static final int SIZE = 16_000_000;
    private static final Duration WRITE_TIMEOUT = Duration.ofMillis(500);

    private final LinkedBlockingQueue<PushSession> sessions = new LinkedBlockingQueue<>();
    private PushServer server;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        start(WRITE_TIMEOUT);
    }

    private void start(Duration writeTimeout) throws Exception {
        var options = PushOptions.defaults()
                .withLimits(PushLimits.defaults().withUnacknowledged(10, SIZE).withTotalUnacknowledgedBytes(SIZE))
                .withHeartbeat(Duration.ofSeconds(20))
                .withWriteTimeout(writeTimeout);
        server = PushServer.builder()
                .options(options)
                .path("/push", session -> {
                    sessions.add(session);
                    session.forEach(message -> {});
                })
                .start();
        client = new TestClient(server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdown(Duration.ZERO, Duration.ZERO);
    }

    /** A connection with little room for what is not read. */
    private Socket narrow() throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        return socket;
    }

    private static boolean isAttached(PushSession session) {
        return ((ApplicationSession) session).isAttached();
    }

    /** Opens a session over a connection that is never read again, and hangs on it. */
    private PushSession stall(Socket stalled, PushTransport transport) throws Exception {
        var out = stalled.getOutputStream();
        var head = "GET /push HTTP/1.1\r\nHost: localhost:" + server.port() + "\r\n";
        switch (transport) {
            case SSE -> out.write(ascii(head + "Postern-Epoch: 1\r\n\r\n"));
            case WEBSOCKET -> {
                out.write(
                        ascii(
                                head
                                        + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: postern.v1\r\n\r\n"));
                var attach = ascii("\0event:attach\ndata:epoch=1\n\n");
                out.write(0x82);
                out.write(0x80 | attach.length);
                out.write(new byte[4]); // a mask that changes nothing
                out.write(attach);
            }
            case LONG_POLLING, POLLING -> {
                var opened = client.open(PushTransport.LONG_POLLING);
                out.write(ascii(head + "Postern-Epoch: 1\r\nPostern-Transport: long-polling\r\nPostern-Session: "
                        + opened.secret + "\r\n\r\n"));
            }
        }
        var session = sessions.take();
        HttpTransportsTest.await(() -> isAttached(session));
        return session;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void a_websocket_that_is_stalled_is_cut_off_at_once() throws Exception {
        server.shutdown(Duration.ZERO, Duration.ZERO);
        start(Duration.ofSeconds(60));
        try (var stalled = narrow()) {
            var session = stall(stalled, PushTransport.WEBSOCKET);
            var in = stalled.getInputStream();
            skipPast(in, "event:attached\n");
            skipPast(in, "\n\n");
            session.send("x".repeat(SIZE));
            while (in.available() == 0) {
                Thread.onSpinWait(); // until the message is on its way, of which no system buffers all
            }
            session.abort();
            assertTrue(bytesUntilTheEnd(stalled) < SIZE, "cut off in the middle of the message");
        }
    }

    private static void skipPast(InputStream in, String text) throws IOException {
        var seen = new StringBuilder();
        while (!seen.toString().endsWith(text)) {
            int next = in.read();
            assertTrue(next >= 0, seen.toString());
            seen.append((char) next);
        }
    }

    private static long bytesUntilTheEnd(Socket socket) {
        long total = 0;
        var bytes = new byte[8_192];
        try {
            var in = socket.getInputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                total += read;
            }
        } catch (IOException e) {
            return total; // reset, which is an end as well
        }
        return total;
    }

    @ParameterizedTest
    @EnumSource(value = PushTransport.class, names = "POLLING", mode = EnumSource.Mode.EXCLUDE)
    void what_is_not_read_is_given_up_in_time_and_the_session_goes_on(PushTransport transport) throws Exception {
        try (var stalled = narrow()) {
            var session = stall(stalled, transport);
            long begin = System.nanoTime();
            session.send("x".repeat(SIZE)); // which no system buffers
            HttpTransportsTest.await(() -> !isAttached(session));
            var lasted = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(lasted.compareTo(WRITE_TIMEOUT.multipliedBy(9).dividedBy(10)) >= 0, "lasted " + lasted);
            assertTrue(session.closeInfo().isEmpty());
            assertEquals(1, session.unconfirmed());
        }
    }
}
