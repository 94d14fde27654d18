package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md §9: what a server that stops still takes in and delivers, and whom it refuses. */
@Timeout(60)
class DrainTest {
    private static final int IN_FLIGHT = 5;

    /** One side of a conversation that sends a numbered message for each that it gets, for as long as it may. */
    private static final class Talker {
        final PushSession session;
        final List<String> received = new ArrayList<>();
        int sent;
        private boolean maySend = true;

        Talker(PushSession session) {
            this.session = session;
        }

        void talk() throws InterruptedException {
            for (int i = 0; i < IN_FLIGHT; i++) {
                send();
            }
            try {
                while (true) {
                    if (session.receive() instanceof Message.Text text) {
                        received.add(text.text());
                    }
                    send();
                }
            } catch (ConnectionClosedException e) {
                // that is the end
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private void send() {
            try {
                if (maySend) {
                    session.send(Integer.toString(sent + 1));
                    sent++;
                }
            } catch (IOException e) {
                maySend = false; // but what the other side had sent is still to come
            }
        }
    }

    private static List<String> numbers(int count) {
        var numbers = new ArrayList<String>();
        for (int i = 1; i <= count; i++) {
            numbers.add(Integer.toString(i));
        }
        return numbers;
    }

    private final Map<String, Talker> served = new ConcurrentHashMap<>();

    private void serve(Connection session) throws InterruptedException {
        var talker = new Talker((PushSession) session);
        served.put(talker.session.id(), talker);
        talker.talk();
    }

    private static void assertNothingIsMissing(Talker from, Talker to) {
        assertEquals(1001, from.session.closeInfo().orElseThrow().status().code());
        assertEquals(0, from.session.unconfirmed(), from.session::toString);
        assertEquals(numbers(from.sent), to.received, from.session::toString);
    }

    @ParameterizedTest
    @ValueSource(longs = {500, 0})
    void a_drain_loses_nothing_of_a_hundred_sessions_in_either_direction(long windowMillis) throws Exception {
        var server = PushServer.builder().path("/push", this::serve).start();
        var uri = URI.create("http://localhost:" + server.port() + "/push");
        var transports = List.of(PushTransport.values());
        var clients = new ArrayList<Talker>();
        var threads = new ArrayList<Thread>();
        try {
            for (int i = 0; i < 100; i++) {
                var transport = transports.get(i % transports.size());
                var push = PushClient.builder(uri)
                        .transport(transport)
                        .options(PushClientTest.options().withPollInterval(Duration.ofMillis(100)))
                        .connect();
                var talker = new Talker(push);
                clients.add(talker);
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        talker.talk();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            HttpTransportsTest.await(() -> served.size() == 100);
            server.shutdown(Duration.ofMillis(windowMillis), Duration.ofSeconds(20));
            for (var thread : threads) {
                thread.join();
            }
            for (var talker : clients) {
                var other = served.get(talker.session.id());
                assertNotNull(other);
                assertTrue(talker.sent >= IN_FLIGHT && other.sent >= IN_FLIGHT);
                assertNothingIsMissing(talker, other);
                assertNothingIsMissing(other, talker);
            }
        } finally {
            clients.forEach(talker -> talker.session.abort());
            server.close();
        }
    }

    @Test
    void refuses_new_sessions_while_it_drains_and_serves_the_old_until_their_time() throws Exception {
        var server = PushServer.builder()
                .path("/push", session -> session.forEach(DrainTest.echo(session)))
                .start();
        try (var client = new TestClient(server.port())) {
            var session = client.open(PushTransport.SSE);
            var drain = Thread.ofVirtual().start(() -> server.shutdown(Duration.ofHours(1)));
            HttpTransportsTest.await(() -> askForUnknown(client).statusCode() == 503);
            var refused = client.get("Postern-Epoch", "1");
            assertEquals(503, refused.status());
            assertEquals("busy", refused.header("Postern-Error"));
            assertNotNull(refused.header("Retry-After"));
            assertEquals(503, askForUnknown(client).statusCode(), "another server may know it");
            assertEquals(503, handshake(server, "postern.v1, postern.open"));
            assertEquals(101, handshake(server, "postern.v1"), "it may be one that resumes");
            assertEquals(503, handshake(server, ""), "a bare one always opens");
            assertEquals(200, session.post(1, "data:a\n\n").statusCode());
            assertEquals(new StreamRecord("", "1", "a"), session.stream.next());
            server.shutdown(Duration.ZERO); // the second time does nothing
            server.close();
            assertEquals(200, session.post(2, "data:b\n\n").statusCode());
            assertEquals(
                    200,
                    session.post(3, "event:close\ndata:code=1000&reason=\n\n").statusCode());
            drain.join();
        } finally {
            server.sessions().forEach(PushSession::abort); // or it would drain on for an hour if something has failed
            server.close();
        }
    }

    private static Consumer<Message> echo(Connection session) {
        return message -> {
            try {
                session.send(message);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** Asks for a session that there is not: another question would open one, before the drain begins. */
    private static HttpResponse<String> askForUnknown(TestClient client) {
        try {
            return client.post(
                    "data:a\n\n", "Postern-Session", "unknown", "Postern-Epoch", "1", "Postern-Sequence", "1");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The status of the answer to a handshake. */
    private static int handshake(PushServer server, String subprotocols) throws IOException {
        try (var socket = new Socket("localhost", server.port())) {
            var offer = subprotocols.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + subprotocols + "\r\n";
            socket.getOutputStream()
                    .write(("GET /push HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                                    + offer
                                    + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(answer.substring(9));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PushTransport.class,
            names = {"WEBSOCKET", "SSE"})
    void both_sides_are_told_what_could_not_be_delivered(PushTransport transport) throws Exception {
        var sessions = new LinkedBlockingQueue<PushSession>();
        var server = PushServer.builder()
                .path(
                        "/push",
                        session -> {
                            sessions.add(session);
                            new CountDownLatch(1).await(); // does not receive
                        },
                        PushOptions.defaults()
                                .withLimits(PushLimits.defaults().withUnreceived(2, 1_000))
                                .withBusyTimeout(Duration.ofMillis(100)))
                .start();
        var push = PushClient.builder(URI.create("http://localhost:" + server.port() + "/push"))
                .transport(transport)
                .options(PushClientTest.options().withCloseTimeout(Duration.ofMillis(500)))
                .connect();
        try {
            push.send("0");
            HttpTransportsTest.await(() -> push.unconfirmed() == 0);
            for (int i = 1; i < 10; i++) {
                push.send("" + i);
            }
            var session = take(sessions);
            session.send("a");
            assertEquals(new Message.Text("a"), push.receive());
            server.shutdown(Duration.ZERO, Duration.ofMillis(500));
            assertEquals(1001, session.closeInfo().orElseThrow().status().code());
            assertNull(session.closeInfo().orElseThrow().received(), "the client did not acknowledge it");
            HttpTransportsTest.await(() -> push.closeInfo().isPresent());
            assertEquals(1001, push.closeInfo().orElseThrow().status().code());
            assertNull(push.closeInfo().orElseThrow().sent());
            assertTrue(push.unconfirmed() > 0 && push.unconfirmed() <= 10, push.unconfirmed() + " unconfirmed");
        } finally {
            push.abort();
            server.close();
        }
    }

    private static PushSession take(BlockingQueue<PushSession> sessions) throws InterruptedException {
        var session = sessions.poll(10, TimeUnit.SECONDS);
        assertNotNull(session);
        return session;
    }

    @Test
    void a_servlet_refuses_a_time_out_of_range_and_goes_on() throws Exception {
        var servlet = new PushServlet(session -> session.forEach(message -> {}));
        try (var server = PushServer.builder().servlet("/push", servlet).start();
                var client = new TestClient(server.port())) {
            for (var bad : List.of(Duration.ofNanos(-1), Duration.ofDays(365).plusNanos(1))) {
                for (var stop : List.<Consumer<Duration>>of(servlet::close, servlet::shutdown, servlet::move)) {
                    var e = assertThrows(IllegalArgumentException.class, () -> stop.accept(bad));
                    assertEquals(
                            bad.toString(), Objects.toString(e.getMessage()).replaceAll(".*: ", ""));
                }
            }
            assertEquals(200, client.get("Postern-Epoch", "1").status());
        }
        servlet.close(Duration.ofDays(365)); // nobody has to be waited for
    }

    @Test
    void a_servlet_drains_by_itself() throws Exception {
        var ended = new LinkedBlockingQueue<Integer>();
        var servlet = new PushServlet(session -> {
            session.forEach(message -> {});
            ended.add(session.closeInfo().orElseThrow().status().code());
        });
        try (var server = PushServer.builder().servlet("/push", servlet).start();
                var client = new TestClient(server.port())) {
            var session = client.open(PushTransport.SSE);
            var drain = Thread.ofVirtual().start(() -> servlet.shutdown(Duration.ofMillis(100)));
            assertEquals(new StreamRecord("close", "1", "code=1001&reason=&received=0"), session.stream.next());
            assertEquals(200, session.post(1, "data:a\n\n").statusCode(), "the end is not acknowledged yet");
            assertEquals(204, session.acknowledge(1).statusCode());
            drain.join();
            assertEquals(1001, ended.poll());
            assertEquals(503, client.get("Postern-Epoch", "1").status());
            var page = client.http()
                    .send(
                            HttpRequest.newBuilder(
                                            URI.create("http://localhost:" + server.port() + "/postern/postern.js"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
            assertFalse(page.statusCode() == 503, "the rest goes on");
        }
    }
}
