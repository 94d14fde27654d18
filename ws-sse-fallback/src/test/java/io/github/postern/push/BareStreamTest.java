package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.postern.push.PushHeaders.BareId;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PROTOCOL.md §13: an EventSource, or curl. */
@Timeout(60)
class BareStreamTest {
    private final BlockingQueue<PushSession> sessions = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private PushServer server;
    private TestClient client;

    @BeforeEach
    void start() throws IOException {
        var options = PushOptions.defaults()
                .withLimits(PushLimits.defaults().withUnacknowledged(10, 1_000))
                .withSendTimeout(Duration.ofMillis(200));
        server = PushServer.builder()
                .path(
                        "/push",
                        session -> {
                            sessions.put(session);
                            for (var message : session) {
                                received.put(message);
                            }
                        },
                        options)
                .start();
        client = new TestClient(server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdown(Duration.ZERO, Duration.ZERO);
    }

    private static BareId id(StreamRecord record) {
        var id = BareId.parse(record.id());
        assertNotNull(id);
        return id;
    }

    @Test
    void gets_its_position_and_the_messages_as_they_are() throws Exception {
        try (var stream = client.get()) {
            var first = stream.next();
            assertNull(first.data(), "an EventSource does not dispatch it");
            assertEquals(0, id(first).position());
            assertNull(stream.header("Postern-Session"));
            var session = sessions.take();
            assertEquals(PushTransport.SSE, session.transport());
            assertNotEquals(session.id(), id(first).secret());
            session.send("{\"price\":41.5}");
            session.send("a\r\nb");
            session.send(ByteBuffer.wrap(new byte[] {0}));
            var message = stream.next();
            assertEquals(new StreamRecord("", id(first).secret() + ".1", "{\"price\":41.5}"), message);
            assertEquals("a\nb", stream.next().data());
            assertEquals(new StreamRecord("binary", id(first).secret() + ".3", "AA=="), stream.next());
        }
    }

    @Test
    void resumes_from_its_last_id() throws Exception {
        String last;
        try (var stream = client.get()) {
            var unused = stream.next();
            var session = sessions.take();
            session.send("1");
            session.send("2");
            last = stream.next().id();
        }
        server.sessions().getFirst().send("3");
        try (var again = client.get("Last-Event-ID", String.valueOf(last))) {
            assertEquals(last, again.next().id());
            assertEquals("2", again.next().data());
            assertEquals("3", again.next().data());
        }
        assertEquals(1, server.sessions().size());
    }

    @Test
    void is_told_when_its_session_is_gone() throws Exception {
        for (var stale : new String[] {"gone.17", "17", "x.y.z"}) {
            try (var stream = client.get("Last-Event-ID", stale)) {
                assertEquals(new StreamRecord("lost", null, "reason=session"), stream.next());
                assertEquals(0, id(stream.next()).position());
                sessions.take().send("new");
                assertEquals("new", stream.next().data());
            }
        }
    }

    @Test
    void is_told_which_messages_it_missed() throws Exception {
        try (var stream = client.get()) {
            var start = stream.next().id();
            var session = sessions.take();
            for (int n = 1; n <= 25; n++) {
                session.send(Integer.toString(n)); // does not wait for an acknowledgement, since none comes
                assertEquals(n, id(stream.next()).position());
            }
            try (var again = client.get("Last-Event-ID", String.valueOf(start))) {
                var lost = again.next();
                assertEquals("lost", lost.event());
                assertEquals("reason=overflow&from=1&to=15", lost.data());
                assertEquals(15, id(again.next()).position());
                assertEquals("16", again.next().data());
            }
        }
    }

    @Test
    void hears_of_the_end_and_is_stopped_when_it_comes_back() throws Exception {
        try (var stream = client.get()) {
            var unused = stream.next();
            var session = sessions.take();
            session.send("last");
            session.close();
            var last = stream.next().id();
            var close = stream.next();
            assertEquals("close", close.event());
            assertEquals("code=1000&reason=", close.data());
            assertNull(stream.nextOrEnd());
            assertEquals(
                    204, client.get("Last-Event-ID", String.valueOf(close.id())).status());
            assertEquals(204, client.get("Last-Event-ID", String.valueOf(last)).status());
        }
    }

    @Test
    void posts_without_numbers() throws Exception {
        try (var stream = client.get()) {
            var secret = id(stream.next()).secret();
            assertEquals(
                    200, client.post("data:a\n\n", "Postern-Session", secret).statusCode());
            assertEquals(
                    200, client.post("data:a\n\n", "Postern-Session", secret).statusCode());
            assertEquals(new Message.Text("a"), received.take());
            assertEquals(new Message.Text("a"), received.take());
            assertEquals(
                    410,
                    client.post("data:a\n\n", "Postern-Session", secret, "Postern-Epoch", "9", "Postern-Sequence", "3")
                            .statusCode());
        }
    }

    @Test
    void a_secret_is_good_only_for_the_kind_of_client_that_got_it() throws Exception {
        var session = client.open(PushTransport.POLLING);
        try (var stream = client.get("Last-Event-ID", session.secret + ".0")) {
            assertEquals("lost", stream.next().event());
            var secret = id(stream.next()).secret();
            assertEquals(
                    410,
                    client.get("Postern-Session", secret, "Postern-Epoch", "5").status());
        }
    }
}
