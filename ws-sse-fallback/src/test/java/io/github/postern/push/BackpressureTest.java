package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Slow clients and slow applications (PROTOCOL.md §8, §11): they hold up themselves and nobody else. */
@Timeout(60)
class BackpressureTest {
    private static final Duration ACKNOWLEDGED = Duration.ofMillis(1_500);

    @Test
    void a_client_that_does_not_read_delays_nobody_and_is_let_go_with_a_reason() throws Exception {
        var sessions = new LinkedBlockingQueue<PushSession>();
        var options = PushOptions.defaults().withSendTimeout(Duration.ofMillis(300));
        try (var server = PushServer.builder()
                        .path(
                                "/push",
                                session -> {
                                    sessions.put(session);
                                    session.forEach(message -> {});
                                },
                                options)
                        .start();
                var slow = new Socket("localhost", server.port());
                var client = new TestClient(server.port())) {
            slow.getOutputStream()
                    .write(("GET /push HTTP/1.1\r\nHost: localhost:" + server.port() + "\r\nPostern-Epoch: 1\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var slowSession = sessions.take();
            var publisher = Thread.ofVirtual().start(() -> sendUntilClosed(slowSession));
            var good = client.open(PushTransport.SSE);
            var goodSession = sessions.take();
            for (int n = 1; n <= 200; n++) {
                goodSession.send("message " + n);
                HttpTransportsTest.expect(good.stream, n, "message " + n);
            }
            publisher.join();
            assertEquals(4507, slowSession.closeInfo().orElseThrow().status().code());
        }
    }

    private static void sendUntilClosed(PushSession session) {
        try {
            while (true) {
                session.send("x".repeat(10_000));
            }
        } catch (IOException e) {
            // that is what the test waits for
        }
    }

    /** Both sides are busy: what the server echoes is acknowledged behind what the client sends. */
    @Test
    void two_busy_sides_do_not_wait_for_each_other() throws Exception {
        int count = 5_000;
        try (var server = PushServer.builder()
                        .path("/push", session -> {
                            for (var message : session) {
                                session.send(message);
                            }
                        })
                        .start();
                var client = new TestClient(server.port())) {
            var socket = TestWebSocket.open(client.http(), server.port(), "postern.v1");
            socket.control("event:attach\ndata:epoch=1\n\n");
            assertEquals(0, socket.nextControl("attached").number());
            int sent = 0;
            int received = 0;
            long acknowledged = 0;
            while (received < count) {
                while (sent < count && sent - acknowledged < 1_000) {
                    socket.text("m" + ++sent);
                }
                var frame = socket.next();
                if (frame instanceof String text) {
                    assertEquals("m" + ++received, text);
                    if (received % 250 == 0) {
                        socket.control("event:ack\nid:" + received + "\n\n");
                    }
                } else if (frame instanceof ByteBuffer data
                        && ControlFrame.read(new Message.Binary(data)) instanceof ControlFrame.Control control) {
                    assertEquals("ack", control.content().event());
                    acknowledged = control.content().number();
                }
            }
            assertEquals(count, received);
        }
    }

    @Test
    void an_application_that_stays_away_bounds_what_is_kept_for_it() throws Exception {
        var sessions = new LinkedBlockingQueue<PushSession>();
        var mayReceive = new LinkedBlockingQueue<Boolean>();
        var limits = PushLimits.defaults().withUnreceived(10, 1_000_000);
        try (var server = PushServer.builder()
                        .path(
                                "/push",
                                session -> {
                                    sessions.put(session);
                                    mayReceive.take();
                                    for (int n = 1; n <= 100; n++) {
                                        assertEquals(new Message.Text("m" + n), session.receive());
                                    }
                                    session.send("all");
                                    session.receive();
                                },
                                PushOptions.defaults().withLimits(limits))
                        .start();
                var client = new TestClient(server.port())) {
            var socket = TestWebSocket.open(client.http(), server.port(), "postern.v1");
            socket.control("event:attach\ndata:epoch=1\n\n");
            assertEquals(0, socket.nextControl("attached").number());
            for (int n = 1; n <= 100; n++) {
                socket.text("m" + n);
            }
            var unused = sessions.take();
            // an acknowledgement that is not withheld comes within a second
            for (var frame = socket.poll(ACKNOWLEDGED); frame != null; frame = socket.poll(ACKNOWLEDGED)) {
                var ack = assertInstanceOf(
                        ControlFrame.Control.class,
                        ControlFrame.read(new Message.Binary(assertInstanceOf(ByteBuffer.class, frame))));
                assertEquals("ack", ack.content().event());
                assertTrue(ack.content().number() <= 20, "no more than twice the limit is read: " + ack);
            }
            mayReceive.add(true);
            assertEquals("all", socket.nextOfKind(String.class));
        }
    }

    @Test
    void a_body_that_trickles_is_408() throws Exception {
        var options = PushOptions.defaults().withBodyTimeout(Duration.ofMillis(200));
        try (var server = PushServer.builder()
                        .path("/push", session -> session.forEach(message -> {}), options)
                        .start();
                var client = new TestClient(server.port());
                var socket = new Socket("localhost", server.port())) {
            socket.setSoTimeout(10_000);
            socket.setTcpNoDelay(true);
            var session = client.open(PushTransport.POLLING);
            var out = socket.getOutputStream();
            out.write(("POST /push HTTP/1.1\r\nHost: localhost:" + server.port()
                            + "\r\nContent-Type: text/event-stream\r\nContent-Length: 1000\r\nPostern-Session: "
                            + session.secret
                            + "\r\nPostern-Epoch: 1\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            while (socket.getInputStream().available() == 0) {
                out.write(':'); // the body never stands still
                LockSupport.parkNanos(20_000_000L);
            }
            var line = new StringBuilder();
            for (int c = socket.getInputStream().read();
                    c > '\r';
                    c = socket.getInputStream().read()) {
                line.append((char) c);
            }
            assertTrue(line.toString().startsWith("HTTP/1.1 408 "), line.toString());
        }
    }
}
