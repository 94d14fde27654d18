package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PROTOCOL.md §6 and §8: responses that end so that the client asks again, and clients that are asked to move. */
@Timeout(60)
class RotationTest {
    private final AtomicInteger attachments = new AtomicInteger();
    private PushServer server;
    private TestClient client;

    @BeforeEach
    void start() throws IOException {
        var rotating = PushOptions.defaults().withRotation(Duration.ofMillis(150));
        server = PushServer.builder()
                .path("/push", RotationTest::echo)
                .path("/rotating", RotationTest::echo, rotating)
                .addListener(new PushListener() {
                    @Override
                    public void attached(PushSession session, PushTransport transport) {
                        attachments.incrementAndGet();
                    }
                })
                .start();
        client = new TestClient(server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdown(Duration.ZERO, Duration.ZERO);
    }

    private static void echo(Connection session) throws IOException {
        for (var message : session) {
            session.send(message);
        }
    }

    @Test
    void the_time_of_a_stream_differs_by_up_to_a_fifth() {
        var times = LongStream.generate(() -> LiveSession.jittered(1_000_000))
                .limit(10_000)
                .toArray();
        var statistics = Arrays.stream(times).summaryStatistics();
        assertTrue(statistics.getMin() >= 800_000 && statistics.getMin() < 810_000, statistics.toString());
        assertTrue(statistics.getMax() < 1_200_000 && statistics.getMax() > 1_190_000, statistics.toString());
        assertEquals(1_000_000, statistics.getAverage(), 10_000);
    }

    @ParameterizedTest
    @EnumSource(
            value = PushTransport.class,
            names = {"SSE", "LONG_POLLING", "POLLING"})
    void a_move_ends_a_response_with_a_record(PushTransport transport) throws Exception {
        boolean series = transport.isSeries();
        var session = client.open(transport);
        var stream = session.stream;
        server.move(Duration.ZERO); // which happens at any time from now on
        var record = stream.nextOrEnd();
        while (record == null && series) {
            stream = session.poll(transport, 0);
            record = stream.nextOrEnd();
        }
        assertEquals(new StreamRecord("detach", null, "reason=move"), record);
        assertNull(stream.nextOrEnd());
        assertEquals(200, session.post(1, "data:a\n\n").statusCode());
        var next = session.attach(transport, 0);
        assertEquals("attached", next.next().event());
        if (series) {
            next = session.poll(transport, 0);
        }
        assertEquals(new StreamRecord("", "1", "a"), next.next());
    }

    @Test
    void a_websocket_is_asked_to_move_and_goes_on_until_it_is_superseded() throws Exception {
        var socket = TestWebSocket.open(client.http(), server.port(), "postern.v1");
        socket.control("event:attach\ndata:epoch=1\n\n");
        var attached = socket.nextControl("attached").parameters();
        var secret = attached == null ? "" : attached.text("session").orElse("");
        server.move(Duration.ZERO);
        assertEquals("reason=move", socket.nextControl("detach").data());
        socket.text("a");
        assertEquals("a", socket.next());
        var second = TestWebSocket.open(client.http(), server.port(), "postern.v1");
        second.control("event:attach\nid:1\ndata:epoch=2&session=" + secret + "\n\n");
        assertEquals(1, second.nextControl("attached").number());
        assertEquals(new TestWebSocket.Closed(4403, "superseded"), socket.nextOfKind(TestWebSocket.Closed.class));
        second.text("b");
        assertEquals("b", second.next());
    }

    @Test
    void a_bare_stream_neither_rotates_nor_moves() throws Exception {
        var stream = client.get("Accept", "text/event-stream");
        assertFalse(stream.next().event().equals("attached"));
        server.move(Duration.ZERO);
        var session = server.sessions().getFirst();
        session.send("a");
        assertEquals("a", stream.next().data());
    }

    @Test
    void the_java_client_lives_through_rotations() throws Exception {
        var uri = URI.create("http://localhost:" + server.port() + "/rotating");
        try (var push = PushClient.builder(uri)
                .transport(PushTransport.SSE)
                .options(PushClientTest.options())
                .connect()) {
            long end = System.nanoTime() + Duration.ofMillis(1_200).toNanos(); // at least six rotations
            int number = 0;
            while (System.nanoTime() - end < 0) {
                var text = Integer.toString(++number);
                push.send(text);
                assertEquals(new Message.Text(text), push.receive());
            }
            assertEquals(PushTransport.SSE, push.transport());
            assertTrue(number > 6, number + " messages");
            HttpTransportsTest.await(() -> attachments.get() > 1); // or nothing has rotated
        }
    }

    @ParameterizedTest
    @EnumSource(value = PushTransport.class)
    void the_java_client_lives_through_moves(PushTransport transport) throws Exception {
        var uri = URI.create("http://localhost:" + server.port() + "/push");
        try (var push = PushClient.builder(uri)
                .transport(transport)
                .options(PushClientTest.options())
                .connect()) {
            for (int i = 0; i < 50; i++) {
                if (i % 10 == 5) {
                    server.move(Duration.ZERO);
                }
                push.send("" + i);
                assertEquals(new Message.Text("" + i), push.receive());
            }
            HttpTransportsTest.await(() -> attachments.get() > 1); // or nothing has moved
        }
    }

    @Test
    void a_window_is_not_negative_and_at_most_a_year() {
        var year = Duration.ofDays(365);
        for (var bad : new Duration[] {Duration.ofNanos(-1), year.plusNanos(1)}) {
            assertThrows(IllegalArgumentException.class, () -> server.move(bad));
            assertThrows(IllegalArgumentException.class, () -> server.shutdown(bad));
        }
        assertThrows(IllegalArgumentException.class, () -> server.shutdown(Duration.ZERO, Duration.ofNanos(-1)));
        server.move(year);
    }
}
