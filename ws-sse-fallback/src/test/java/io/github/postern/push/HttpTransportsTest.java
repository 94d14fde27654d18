package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.TestClient.Stream;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** PROTOCOL.md §4 to §7 over real HTTP. */
@Timeout(60)
class HttpTransportsTest {
    private final Holding application = Holding.receiving();
    private PushServer server;
    private TestClient client;

    @BeforeEach
    void start() throws IOException {
        start(PushOptions.defaults()
                .withHeartbeat(Duration.ofMillis(500))
                .withPollTimeout(Duration.ofMillis(300))
                .withCloseTimeout(Duration.ofSeconds(2)));
    }

    private void start(PushOptions options) throws IOException {
        server = PushServer.builder().path("/push", application, options).start();
        client = new TestClient(server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdown(Duration.ZERO, Duration.ZERO);
    }

    @ParameterizedTest
    @EnumSource(value = PushTransport.class, names = "WEBSOCKET", mode = Mode.EXCLUDE)
    void opens_a_session_and_tells_all_in_headers_and_body(PushTransport transport) throws Exception {
        var session = client.open(transport);
        var pushed = application.sessions.take();
        assertEquals("text/event-stream;charset=utf-8", session.stream.header("Content-Type"));
        assertEquals("no-store, no-transform", session.stream.header("Cache-Control"));
        assertEquals(transport == PushTransport.POLLING ? null : "no", session.stream.header("X-Accel-Buffering"));
        assertEquals(session.secret, session.stream.header("Postern-Session"));
        assertEquals(pushed.id(), session.stream.header("Postern-Id"));
        assertEquals("1", session.stream.header("Postern-Epoch"));
        assertEquals("0", session.stream.header("Postern-Received"));
        assertEquals(0, session.attached.number());
        var parameters = session.attached.parameters();
        assertNotNull(parameters);
        assertEquals(pushed.id(), parameters.text("public").orElseThrow());
        assertEquals(1, parameters.number("epoch"));
        assertEquals(0, parameters.number("received"));
        assertEquals(500, parameters.number("heartbeat"));
        assertEquals(120_000, parameters.number("expiry"));
        assertEquals(65_536, parameters.number("max"));
        assertEquals(262_144, parameters.number("body"));
        assertTrue(session.secret.length() >= 22, "128 bits: " + session.secret.length());
        assertNotEquals(session.secret, pushed.id());
        assertEquals(transport, pushed.transport());
        if (transport != PushTransport.SSE) {
            assertNull(session.stream.nextOrEnd());
        }
    }

    @Test
    void streams_messages_as_they_come() throws Exception {
        var session = client.open(PushTransport.SSE);
        var pushed = application.sessions.take();
        pushed.send("one");
        expect(session.stream, 1, "one");
        pushed.send("two\r\nlines");
        expect(session.stream, 2, "two\r\nlines");
        pushed.send(java.nio.ByteBuffer.wrap(new byte[] {0, 1, 2}));
        var record = session.stream.next();
        assertEquals(3, record.number());
        assertEquals("AAEC", record.data());
    }

    @Test
    void a_long_poll_waits_for_a_message_and_brings_all_that_there_is() throws Exception {
        var session = client.open(PushTransport.LONG_POLLING);
        var pushed = application.sessions.take();
        var sender = Thread.ofVirtual().unstarted(() -> send(pushed, "one"));
        sender.start();
        var poll = session.poll(PushTransport.LONG_POLLING, 0);
        expect(poll, 1, "one");
        assertNull(poll.nextOrEnd());
        pushed.send("two");
        pushed.send("three");
        var batch = session.poll(PushTransport.LONG_POLLING, 1);
        expect(batch, 2, "two");
        expect(batch, 3, "three");
        assertNull(batch.nextOrEnd());
        assertNotNull(batch.header("Content-Length"));
        assertNull(batch.header("Postern-Epoch"), "only the first response of an epoch tells it");
    }

    private static void send(PushSession session, String text) {
        try {
            session.send(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_long_poll_ends_empty_when_nothing_comes() throws Exception {
        var session = client.open(PushTransport.LONG_POLLING);
        var poll = session.poll(PushTransport.LONG_POLLING, 0);
        assertEquals(200, poll.status());
        assertEquals("0", poll.header("Content-Length"));
        assertNull(poll.nextOrEnd());
    }

    @Test
    void a_poll_ends_at_once() throws Exception {
        var session = client.open(PushTransport.POLLING);
        assertNull(session.poll(PushTransport.POLLING, 0).nextOrEnd());
        var pushed = application.sessions.take();
        pushed.send("one");
        expect(session.poll(PushTransport.POLLING, 0), 1, "one");
        expect(session.poll(PushTransport.POLLING, 0), 1, "one");
        assertNull(session.poll(PushTransport.POLLING, 1).nextOrEnd());
    }

    @Test
    void a_silent_stream_gets_a_heartbeat() throws Exception {
        try (var stream = client.get("Postern-Epoch", "1")) {
            assertEquals("attached", stream.next().event());
            var more = stream.response().body().readNBytes(4);
            assertEquals(":\n:\n", new String(more, StandardCharsets.US_ASCII));
        }
    }

    @ParameterizedTest
    @EnumSource(value = PushTransport.class, names = "WEBSOCKET", mode = Mode.EXCLUDE)
    void resumes_after_a_broken_attachment_without_loss_or_repetition(PushTransport transport) throws Exception {
        var session = client.open(PushTransport.SSE);
        var pushed = application.sessions.take();
        pushed.send("1");
        pushed.send("2");
        expect(session.stream, 1, "1");
        expect(session.stream, 2, "2");
        pushed.send("3");
        session.stream.close(); // whether 3 was written or not, the client has not got it
        pushed.send("4");
        var again = session.attach(transport, 2);
        var attached = again.next();
        assertEquals("attached", attached.event());
        assertEquals(2, attached.number());
        assertEquals("2", again.header("Postern-Epoch"));
        assertNull(again.header("Postern-Session"), "the secret is told only once");
        expect(again, 3, "3");
        expect(again, 4, "4");
        await(() -> pushed.bufferedAmount() == 0); // what was read may not have been noted as written yet
    }

    @Test
    void resumes_a_session_that_has_not_seen_a_message() throws Exception {
        var session = client.open(PushTransport.SSE);
        session.stream.close();
        application.sessions.take().send("first");
        var again = session.attach(PushTransport.SSE, 0);
        assertEquals(0, again.next().number());
        expect(again, 1, "first");
    }

    @Test
    void a_newer_attachment_takes_over_at_once() throws Exception {
        var session = client.open(PushTransport.SSE);
        var pushed = application.sessions.take();
        try (var again = session.attach(PushTransport.SSE, 0)) {
            assertEquals("attached", again.next().event());
            pushed.send("for the new one");
            expect(again, 1, "for the new one");
            var last = session.stream.rest();
            assertEquals(List.of(new StreamRecord("detach", null, "reason=superseded")), last);
        }
    }

    @Test
    void of_two_hanging_polls_the_later_counts() throws Exception {
        stop();
        start(PushOptions.defaults()); // whose polls hang until something happens
        var session = client.open(PushTransport.LONG_POLLING);
        var pushed = application.sessions.take();
        var first = new LinkedBlockingQueue<Object>();
        var hanging = Thread.ofVirtual().start(() -> {
            try {
                first.add(session.poll(PushTransport.LONG_POLLING, 0).rest());
            } catch (IOException | InterruptedException e) {
                first.add(e);
            }
        });
        await(() -> server.sessions().getFirst().transport() == PushTransport.LONG_POLLING && isHanging(pushed));
        var second = Thread.ofVirtual().start(() -> {
            try {
                expect(session.poll(PushTransport.LONG_POLLING, 0), 1, "m");
                first.add("second got it");
            } catch (IOException | InterruptedException e) {
                first.add(e);
            }
        });
        assertEquals(List.of(new StreamRecord("detach", null, "reason=repeated")), first.take());
        pushed.send("m");
        assertEquals("second got it", first.take());
        hanging.join();
        second.join();
    }

    private static boolean isHanging(PushSession session) {
        return ((ApplicationSession) session).isAttached();
    }

    static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, "waited 10 s in vain");
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void a_stale_epoch_is_fenced() throws Exception {
        var session = client.open(PushTransport.SSE);
        try (var again = session.attach(PushTransport.SSE, 0)) {
            assertEquals(200, again.status());
            session.epoch = 1;
            var late = session.poll(PushTransport.SSE, 0);
            assertEquals(403, late.status());
            assertEquals("fenced", late.header("Postern-Error"));
            var post = session.post(1, "data:late\n\n");
            assertEquals(403, post.statusCode());
            assertEquals("fenced", post.headers().firstValue("Postern-Error").orElseThrow());
            assertEquals("0", post.headers().firstValue("Postern-Received").orElseThrow());
        }
        session.epoch = 2;
        assertEquals(403, session.poll(PushTransport.SSE, 0).status(), "a stream needs a new epoch each time");
    }

    @Test
    void a_post_that_overtakes_its_attach_takes_over() throws Exception {
        var session = client.open(PushTransport.SSE);
        session.epoch = 2;
        assertEquals(200, session.post(1, "data:x\n\n").statusCode());
        assertEquals("detach", session.stream.next().event());
        try (var again = session.poll(PushTransport.SSE, 0)) {
            var attached = again.next();
            var parameters = attached.parameters();
            assertNotNull(parameters);
            assertEquals(1, parameters.number("received"));
        }
    }

    @Test
    void posts_are_idempotent() throws Exception {
        var session = client.open(PushTransport.POLLING);
        expectStatus(200, 2, session.post(1, "data:a\n\ndata:b\n\n"));
        expectStatus(204, 2, session.post(1, "data:a\n\ndata:b\n\n"));
        expectStatus(204, 2, session.post(2, "data:b\n\n"));
        expectStatus(200, 3, session.post(2, "data:b\n\ndata:c\n\n"));
        var gap = session.post(5, "data:e\n\n");
        expectStatus(409, 3, gap);
        assertEquals("4", gap.headers().firstValue("Postern-Expected").orElseThrow());
        assertEquals("gap", gap.headers().firstValue("Postern-Error").orElseThrow());
        expectStatus(204, 3, session.acknowledge(0));
        assertEquals(new Message.Text("a"), application.received.take());
        assertEquals(new Message.Text("b"), application.received.take());
        assertEquals(new Message.Text("c"), application.received.take());
        assertNull(application.received.poll());
    }

    @Test
    void a_post_carries_every_kind_of_message() throws Exception {
        var session = client.open(PushTransport.POLLING);
        expectStatus(200, 3, session.post(1, "data:a\ndata:b\n\nevent:binary\ndata:AAEC\n\nevent:text\ndata:DQ==\n\n"));
        assertEquals(new Message.Text("a\nb"), application.received.take());
        assertEquals(new Message.Binary(java.nio.ByteBuffer.wrap(new byte[] {0, 1, 2})), application.received.take());
        assertEquals(new Message.Text("\r"), application.received.take());
    }

    @Test
    void the_server_closes_behind_its_messages_and_forgets_when_that_is_acknowledged() throws Exception {
        var session = client.open(PushTransport.SSE);
        var pushed = application.sessions.take();
        pushed.send("last");
        assertEquals(200, session.post(1, "data:bye\n\n").statusCode());
        expect(session.stream, 1, "last");
        var close = session.stream.next();
        assertEquals(new StreamRecord("close", "2", "code=1000&reason=&received=1"), close);
        assertNull(session.stream.nextOrEnd());
        expectStatus(204, 1, session.acknowledge(2));
        await(() -> pushed.closeInfo().isPresent());
        assertTrue(pushed.closeInfo().orElseThrow().clean());
        var gone = session.attach(PushTransport.SSE, 2);
        assertEquals(410, gone.status());
        assertEquals(close, gone.next());
    }

    @Test
    void a_close_is_repeated_until_it_is_acknowledged() throws Exception {
        var session = client.open(PushTransport.POLLING);
        var pushed = application.sessions.take();
        pushed.send("m");
        assertEquals(200, session.post(1, "data:bye\n\n").statusCode());
        await(() -> pushed.readyState() != io.github.postern.ws.connection.ReadyState.OPEN);
        for (int i = 0; i < 2; i++) {
            var poll = session.poll(PushTransport.POLLING, 0);
            expect(poll, 1, "m");
            assertEquals(new StreamRecord("close", "2", "code=1000&reason=&received=1"), poll.next());
        }
    }

    @Test
    void the_client_closes_with_a_post() throws Exception {
        var session = client.open(PushTransport.SSE);
        var pushed = application.sessions.take();
        var body = "data:last\n\nevent:close\ndata:code=3001&reason=had+enough\n\n";
        expectStatus(200, 2, session.post(1, body));
        expectStatus(204, 2, session.post(1, body));
        assertEquals(new Message.Text("last"), application.received.take());
        var close = session.stream.next();
        assertEquals("code=3001&reason=had+enough&received=2", close.data());
        await(() -> pushed.closeInfo().isPresent());
        var info = pushed.closeInfo().orElseThrow();
        assertEquals(3001, info.status().code());
        assertEquals("had enough", info.status().reason());
        assertTrue(info.clean());
        var late = session.post(3, "data:late\n\n");
        assertEquals(410, late.statusCode());
        assertTrue(late.body().contains("code=3001"), late.body());
    }

    @Test
    void works_over_http_2() throws Exception {
        try (var second = new TestClient(server.port(), HttpClient.Version.HTTP_2)) {
            var session = second.open(PushTransport.SSE);
            var pushed = application.sessions.take();
            pushed.send("one");
            expect(session.stream, 1, "one");
            expectStatus(200, 1, session.post(1, "data:a\n\n"));
            assertEquals(new Message.Text("a"), application.received.take());
            assertEquals(HttpClient.Version.HTTP_2, session.acknowledge(1).version());
            var own = "http://localhost:" + server.port();
            var polling = new String[] {"Postern-Epoch", "1", "Postern-Transport", "polling", "Origin", own};
            assertEquals(200, second.get(polling).status());
            polling[5] = "http://localhost:1";
            assertEquals(403, second.get(polling).status());
        }
    }

    @ParameterizedTest
    @EnumSource(value = HttpClient.Version.class, names = "HTTP_[12].*", mode = Mode.MATCH_ALL)
    void a_quiet_stream_or_poll_outlives_the_write_timeout(HttpClient.Version version) throws Exception {
        var quiet =
                PushOptions.defaults().withWriteTimeout(Duration.ofMillis(150)).withHeartbeat(Duration.ofMillis(600));
        try (var patient = PushServer.builder()
                        .options(quiet)
                        .path("/push", session -> session.forEach(message -> {}))
                        .start();
                var reader = new TestClient(patient.port(), version)) {
            var stream = reader.open(PushTransport.SSE).stream;
            assertEquals(":\n", new String(stream.response().body().readNBytes(2), StandardCharsets.US_ASCII));
            var poll = reader.open(PushTransport.LONG_POLLING).poll(PushTransport.LONG_POLLING, 0);
            assertEquals(200, poll.status());
            assertNull(poll.nextOrEnd());
            patient.shutdown(Duration.ZERO, Duration.ZERO);
        }
    }

    @Test
    void padding_comes_first_when_asked_for() throws Exception {
        try (var stream = client.get("Postern-Epoch", "1", "Postern-Padding", "2048")) {
            var start = stream.response().body().readNBytes(2048 + 6);
            assertEquals(':', start[0]);
            assertEquals('\n', start[2047]);
            assertEquals("event:", new String(start, 2048, 6, StandardCharsets.US_ASCII));
        }
    }

    static void expect(Stream stream, long number, String text) throws IOException {
        var record = stream.next();
        assertEquals(number, record.number(), record.event());
        assertEquals(new Message.Text(text), record.message());
    }

    static void expectStatus(int status, long received, java.net.http.HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
        assertEquals(
                Long.toString(received),
                response.headers().firstValue("Postern-Received").orElseThrow());
    }
}
