package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are too long, that do not end, that come slowly or not at all (PROTOCOL.md §7). */
@Timeout(30)
class BodiesTest {
    private static final int MAX_BODY = 8_000;
    private static final Duration BODY_TIMEOUT = Duration.ofMillis(400);

    private final Holding application = new Holding();
    private PushServer server;
    private TestClient client;
    private TestClient.Session session;

    @BeforeEach
    void start() throws Exception {
        var limits = PushLimits.defaults()
                .withMaxMessageSize(3_000)
                .withMaxBodySize(MAX_BODY)
                .withUnreceived(3, 1_000_000);
        var options = PushOptions.defaults()
                .withLimits(limits)
                .withBusyTimeout(Duration.ofMillis(100))
                .withBodyTimeout(BODY_TIMEOUT);
        server = PushServer.builder().path("/push", application, options).start();
        client = new TestClient(server.port());
        session = client.open(PushTransport.POLLING);
    }

    @AfterEach
    void stop() {
        application.receive();
        client.close();
        server.shutdown(Duration.ZERO, Duration.ZERO);
    }

    /** Begins a POST with the first record's number. */
    private void post(RawConnection connection, String body, String... lines) throws IOException {
        var all = new String[lines.length + 4];
        all[0] = "Content-Type: text/event-stream";
        all[1] = "Postern-Session: " + session.secret;
        all[2] = "Postern-Epoch: 1";
        all[3] = "Postern-Sequence: 1";
        System.arraycopy(lines, 0, all, 4, lines.length);
        connection.request("POST", body, all);
    }

    private static String chunked(String body) {
        var chunks = new StringBuilder();
        for (int at = 0; at < body.length(); at += 1_000) {
            var chunk = body.substring(at, Math.min(body.length(), at + 1_000));
            chunks.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return chunks.append("0\r\n\r\n").toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX_BODY - 1, MAX_BODY, MAX_BODY + 1})
    void the_limit_holds_with_a_length_and_without(int size) throws Exception {
        var body = ":" + "x".repeat(size - 2) + "\n";
        int expected = size <= MAX_BODY ? 204 : 413;
        try (var connection = new RawConnection(server.port())) {
            post(connection, body, "Content-Length: " + size);
            assertEquals(expected, connection.response().status());
        }
        try (var connection = new RawConnection(server.port())) {
            post(connection, chunked(body), "Transfer-Encoding: chunked");
            assertEquals(expected, connection.response().status());
        }
    }

    @Test
    void a_body_without_an_end_is_read_up_to_the_limit() throws Exception {
        try (var connection = new RawConnection(server.port())) {
            post(connection, "", "Transfer-Encoding: chunked");
            var writer = Thread.ofVirtual().start(() -> writeForEver(connection));
            var response = connection.response();
            assertEquals(413, response.status());
            assertEquals("size", response.header("Postern-Error"));
            writer.join(); // the server has closed the connection
        }
    }

    private static void writeForEver(RawConnection connection) {
        try {
            while (true) {
                connection.write("3e8\r\n" + "x".repeat(1_000) + "\r\n");
            }
        } catch (IOException e) {
            // that is what the test waits for
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "data:half", ":"})
    void a_body_of_which_no_more_comes_is_408_and_the_connection_ends(String begin) throws Exception {
        for (var lines : new String[] {"Content-Length: 1000", "Transfer-Encoding: chunked"}) {
            try (var connection = new RawConnection(server.port())) {
                var sent = lines.startsWith("Content") || begin.isEmpty() ? begin : "40\r\n" + begin;
                long before = System.nanoTime();
                post(connection, sent, lines);
                var response = connection.response();
                assertEquals(408, response.status());
                assertEquals("time", response.header("Postern-Error"));
                assertEquals("0", response.header("Postern-Received"));
                assertEquals("", connection.rest());
                var took = Duration.ofNanos(System.nanoTime() - before);
                assertTrue(took.compareTo(BODY_TIMEOUT) >= 0, "took " + took);
                assertTrue(took.compareTo(BODY_TIMEOUT.plusSeconds(5)) < 0, "took " + took);
            }
        }
        assertEquals(200, session.post(1, "data:x\n\n").statusCode(), "nothing of them was taken in");
    }

    @Test
    void a_body_of_which_nothing_comes_ends_over_http_2_too() throws Exception {
        try (var http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build();
                var silent = new SubmissionPublisher<ByteBuffer>()) {
            var url = URI.create("http://localhost:" + server.port() + "/push");
            var unused = http.send(
                    HttpRequest.newBuilder(url)
                            .method("OPTIONS", BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.discarding());
            var request = HttpRequest.newBuilder(url)
                    .timeout(Duration.ofSeconds(10))
                    .header("Content-Type", "text/event-stream")
                    .header("Postern-Session", session.secret)
                    .header("Postern-Epoch", "1")
                    .POST(BodyPublishers.fromPublisher(silent))
                    .build();
            long before = System.nanoTime();
            try {
                var response = http.send(request, BodyHandlers.ofString());
                assertEquals(HttpClient.Version.HTTP_2, response.version());
                assertEquals(408, response.statusCode());
            } catch (IOException e) {
                // the server also resets the stream, since nobody reads it any more, and the client may look at that
                // first
                assertTrue(String.valueOf(e.getMessage()).contains("RST_STREAM"), e.toString());
            }
            var took = Duration.ofNanos(System.nanoTime() - before);
            assertTrue(
                    took.compareTo(BODY_TIMEOUT) >= 0 && took.compareTo(BODY_TIMEOUT.plusSeconds(5)) < 0,
                    "took " + took);
        }
    }

    @Test
    void a_body_that_comes_in_pieces_is_taken_in() throws Exception {
        application.receive();
        try (var connection = new RawConnection(server.port())) {
            post(connection, "data:first", "Content-Length: 28");
            assertFalse(connection.hasInput());
            connection.write("\n\ndata:");
            connection.write("se");
            connection.write("cond\n\n:x\n");
            var response = connection.response();
            assertEquals(200, response.status());
            assertEquals("2", response.header("Postern-Received"));
            assertEquals(new Message.Text("first"), application.received.take());
            assertEquals(new Message.Text("second"), application.received.take());
            post(connection, "data:first\n\n", "Content-Length: 12");
            assertEquals(204, connection.response().status(), "the connection goes on");
        }
    }

    @Test
    void a_body_that_comes_in_pieces_waits_for_the_application_too() throws Exception {
        assertEquals(200, session.post(1, "data:1\n\ndata:2\n\ndata:3\n\n").statusCode());
        try (var connection = new RawConnection(server.port())) {
            connection.request(
                    "POST",
                    "data:4",
                    "Content-Type: text/event-stream",
                    "Postern-Session: " + session.secret,
                    "Postern-Epoch: 1",
                    "Postern-Sequence: 4",
                    "Content-Length: 8");
            connection.write("\n\n");
            var response = connection.response();
            assertEquals(429, response.status());
            assertEquals("3", response.header("Postern-Received"));
        }
    }

    @Test
    void a_client_that_asks_before_it_sends_is_told_to_go_on() throws Exception {
        try (var connection = new RawConnection(server.port())) {
            post(connection, "", "Content-Length: 8", "Expect: 100-continue");
            assertEquals(100, connection.response().status());
            connection.write("data:x\n\n");
            assertEquals(200, connection.response().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\ndata:x\n\n\r\n0\r\n\r\n", "8\r\ndata:x\n\nJUNK", "ffffffffffffffff1\r\ndata:x\n\n"})
    void a_body_whose_chunks_are_malformed_ends_the_connection(String body) throws Exception {
        try (var connection = new RawConnection(server.port())) {
            post(connection, body, "Transfer-Encoding: chunked");
            assertEquals(400, connection.response().status());
            assertEquals("", connection.rest());
        }
        assertEquals(200, session.post(1, "data:x\n\n").statusCode(), "nothing of it was taken in");
    }
}
