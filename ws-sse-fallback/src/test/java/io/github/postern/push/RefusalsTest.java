package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every refusal of PROTOCOL.md §2, §5, §7, §11 and §12. */
@Timeout(60)
class RefusalsTest {
    private static final int MAX_MESSAGE = 3_000;
    private static final int MAX_BODY = 8_000;

    private final Holding application = new Holding();
    private PushServer server;
    private TestClient client;
    private TestClient.Session session;

    @BeforeEach
    void start() throws Exception {
        var limits = PushLimits.defaults()
                .withMaxMessageSize(MAX_MESSAGE)
                .withMaxBodySize(MAX_BODY)
                .withUnreceived(3, 1_000_000)
                .withSessions(3, 2);
        var options = PushOptions.defaults()
                .withLimits(limits)
                .withBusyTimeout(Duration.ofMillis(100))
                .withAllowedOrigins(Set.of("https://app.example.com"));
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

    private static void refused(int status, String error, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
        assertEquals(error, response.headers().firstValue("Postern-Error").orElse("none"));
        assertFalse(response.body().contains("Exception"), response.body());
        assertFalse(response.body().contains("\tat "), response.body());
    }

    private static void refused(int status, String error, TestClient.Stream response) {
        assertEquals(status, response.status());
        assertEquals(error, response.header("Postern-Error"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "HEAD", "PATCH", "TRACE"})
    void other_methods_are_405(String method) throws Exception {
        var response = client.send(method);
        assertEquals(405, response.statusCode());
        assertEquals(
                "GET, POST, OPTIONS", response.headers().firstValue("Allow").orElseThrow());
    }

    @Test
    void another_version_is_400() throws Exception {
        refused(400, "header", client.get("Postern-Version", "2", "Postern-Epoch", "1"));
        assertEquals(
                200,
                client.get("Postern-Version", "1", "Postern-Epoch", "1", "Postern-Transport", "polling")
                        .status());
    }

    @ParameterizedTest
    @CsvSource({
        "text/html,406",
        "application/json,406",
        "'text/html, text/event-stream;q=0.5',200",
        "*/*,200",
        "text/*,200"
    })
    void a_get_must_admit_event_streams(String accept, int status) throws Exception {
        try (var response = client.get("Accept", accept, "Postern-Epoch", "1", "Postern-Transport", "polling")) {
            assertEquals(status, response.status());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Postern-Epoch,0",
        "Postern-Epoch,-1",
        "Postern-Epoch,x",
        "Postern-Epoch,01",
        "Postern-Epoch,9007199254740992",
        "Postern-Transport,websocket",
        "Postern-Transport,carrier-pigeon",
        "Last-Event-ID,x",
        "Last-Event-ID,-1",
        "Postern-Session,a b",
        "Postern-Session,é",
        "Postern-Padding,4097",
        "Postern-Padding,x"
    })
    void a_malformed_header_is_400(String name, String value) throws Exception {
        var response =
                name.equals("Postern-Epoch") ? client.get(name, value) : client.get("Postern-Epoch", "1", name, value);
        refused(400, "header", response);
    }

    @Test
    void a_position_that_cannot_be_is_400() throws Exception {
        refused(400, "position", client.get("Postern-Epoch", "1", "Last-Event-ID", "1"));
        refused(400, "position", session.poll(PushTransport.POLLING, 1));
        refused(400, "position", session.acknowledge(1));
        server.sessions().getFirst().send("m");
        refused(400, "position", session.poll(PushTransport.POLLING, 1)); // nobody was given the message yet
        HttpTransportsTest.expect(session.poll(PushTransport.POLLING, 0), 1, "m");
        assertEquals(200, session.poll(PushTransport.POLLING, 1).status());
        refused(400, "position", session.poll(PushTransport.POLLING, 0));
    }

    @Test
    void an_unknown_session_is_410_with_a_close_record() throws Exception {
        var get = client.get("Postern-Session", "nobody", "Postern-Epoch", "2");
        refused(410, "session", get);
        assertEquals(new StreamRecord("close", null, "code=4410&reason=session+unknown"), get.next());
        var post =
                client.post("data:x\n\n", "Postern-Session", "nobody", "Postern-Epoch", "2", "Postern-Sequence", "1");
        refused(410, "session", post);
        assertEquals("event:close\ndata:code=4410&reason=session+unknown\n\n", post.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json"})
    void a_simple_or_other_content_type_is_415(String type) throws Exception {
        var response = client.post(
                "data:x\n\n",
                "Content-Type",
                type,
                "Postern-Session",
                session.secret,
                "Postern-Epoch",
                "1",
                "Postern-Sequence",
                "1");
        refused(415, "type", response);
    }

    @Test
    void a_post_without_what_it_needs_is_400() throws Exception {
        refused(400, "header", client.post("data:x\n\n", "Postern-Epoch", "1", "Postern-Sequence", "1"));
        refused(400, "header", client.post("data:x\n\n", "Postern-Session", session.secret, "Postern-Sequence", "1"));
        refused(400, "header", client.post("data:x\n\n", "Postern-Session", session.secret, "Postern-Epoch", "1"));
        refused(400, "header", session.post(0, "data:x\n\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data:x",
                "data:x\n",
                "data:x\n\ndata:y\n",
                "event:binary\ndata:*\n\n",
                "event:text\ndata:/w==\n\n",
                "event:binary\n\n",
                "event:close\n\n",
                "event:close\ndata:code=1004&reason=\n\n",
                "event:close\ndata:code=4408&reason=\n\n",
                "event:close\ndata:code=1000&reason=\n\ndata:x\n\n"
            })
    void a_malformed_body_is_400_and_nothing_of_it_is_taken(String body) throws Exception {
        var response = session.post(1, body);
        refused(400, "body", response);
        assertEquals("0", response.headers().firstValue("Postern-Received").orElseThrow());
    }

    @Test
    void unknown_records_in_a_body_are_skipped_and_not_numbered() throws Exception {
        HttpTransportsTest.expectStatus(200, 1, session.post(1, "event:novelty\ndata:x\n\n:\n\ndata:y\n\n"));
    }

    @Test
    void a_message_too_long_is_413() throws Exception {
        for (int size : new int[] {MAX_MESSAGE - 1, MAX_MESSAGE, MAX_MESSAGE + 1}) {
            int expected = size <= MAX_MESSAGE ? 200 : 413;
            long sequence = size - MAX_MESSAGE + 2L;
            assertEquals(
                    expected,
                    session.post(sequence, "data:" + "x".repeat(size) + "\n\n").statusCode());
        }
        refused(413, "size", session.post(3, "event:text\ndata:" + "YWFh".repeat(MAX_MESSAGE / 3 + 1) + "\n\n"));
    }

    @Test
    void a_body_too_long_is_413() throws Exception {
        for (int size : new int[] {MAX_BODY - 1, MAX_BODY, MAX_BODY + 1}) {
            var response = session.post(1, ":" + "x".repeat(size - 2) + "\n");
            assertEquals(size <= MAX_BODY ? 204 : 413, response.statusCode(), "size " + size);
        }
    }

    @Test
    void a_chunked_body_too_long_is_413_too() throws Exception {
        try (var socket = new Socket("localhost", server.port())) {
            socket.setSoTimeout(5_000);
            var head = "POST /push HTTP/1.1\r\nHost: localhost:" + server.port()
                    + "\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nPostern-Session: "
                    + session.secret
                    + "\r\nPostern-Epoch: 1\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < MAX_BODY / 1_000 + 1; i++) {
                socket.getOutputStream()
                        .write(("3e8\r\n" + "x".repeat(1_000) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            assertTrue(statusLine(socket.getInputStream()).startsWith("HTTP/1.1 413 "));
        }
    }

    private static String statusLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    @Test
    void an_application_that_does_not_receive_is_429_after_a_while() throws Exception {
        assertEquals(200, session.post(1, "data:1\n\ndata:2\n\n").statusCode());
        assertEquals(200, session.post(3, "data:3\n\n").statusCode());
        var busy = session.post(4, "data:4\n\n");
        refused(429, "busy", busy);
        assertEquals("1", busy.headers().firstValue("Retry-After").orElseThrow());
        assertEquals("3", busy.headers().firstValue("Postern-Received").orElseThrow());
        application.receive();
        HttpTransportsTest.await(() -> {
            try {
                return session.post(4, "data:4\n\n").statusCode() == 200;
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void too_many_sessions_from_an_address_are_429() throws Exception {
        assertEquals(200, client.open(PushTransport.POLLING).stream.status());
        var third = client.get("Postern-Epoch", "1");
        refused(429, "busy", third);
        assertEquals("1", third.header("Retry-After"));
        refused(429, "busy", client.get());
        assertEquals(
                204, session.post(1, "event:close\ndata:code=1000&reason=\n\n").statusCode() == 200 ? 204 : 0);
        assertEquals(200, client.open(PushTransport.POLLING).stream.status(), "a closed session makes room");
    }

    @Test
    void a_foreign_origin_is_403_on_every_transport() throws Exception {
        var foreign = "https://evil.example.org";
        refused(403, "origin", client.get("Origin", foreign, "Postern-Epoch", "1"));
        refused(403, "origin", client.get("Origin", foreign));
        refused(403, "origin", client.get("Sec-Fetch-Site", "cross-site"));
        refused(403, "origin", client.send("OPTIONS", "Origin", foreign));
        var post = client.post(
                "data:x\n\n",
                "Origin",
                foreign,
                "Postern-Session",
                session.secret,
                "Postern-Epoch",
                "1",
                "Postern-Sequence",
                "1");
        refused(403, "origin", post);
        assertTrue(post.headers().firstValue("Access-Control-Allow-Origin").isEmpty());
        assertTrue(handshake("Origin: " + foreign).startsWith("HTTP/1.1 403 "));
        assertTrue(handshake("Origin: http://localhost:" + server.port()).startsWith("HTTP/1.1 101 "));
    }

    @Test
    void a_listed_origin_gets_what_cors_needs() throws Exception {
        var origin = "https://app.example.com";
        var preflight = client.send("OPTIONS", "Origin", origin, "Access-Control-Request-Method", "POST");
        assertEquals(204, preflight.statusCode());
        assertEquals(
                origin,
                preflight.headers().firstValue("Access-Control-Allow-Origin").orElseThrow());
        assertTrue(preflight
                .headers()
                .firstValue("Access-Control-Allow-Methods")
                .orElseThrow()
                .contains("POST"));
        assertTrue(preflight
                .headers()
                .firstValue("Access-Control-Allow-Headers")
                .orElseThrow()
                .contains("Postern-Epoch"));
        assertEquals(
                "7200", preflight.headers().firstValue("Access-Control-Max-Age").orElseThrow());
        var get = client.get("Origin", origin, "Postern-Epoch", "1", "Postern-Transport", "polling");
        assertEquals(200, get.status());
        assertEquals("Origin", get.header("Vary"));
        assertEquals("true", get.header("Access-Control-Allow-Credentials"));
        var exposed = get.header("Access-Control-Expose-Headers");
        assertNotNull(exposed);
        assertTrue(exposed.contains("Postern-Received"), exposed);
    }

    @ParameterizedTest
    @CsvSource({"Sec-WebSocket-Version: 8,426", "Sec-WebSocket-Key: short,400", "Content-Length: 3,400"})
    void a_bad_handshake_is_refused(String line, int status) throws Exception {
        assertTrue(handshake(line).startsWith("HTTP/1.1 " + status + " "), handshake(line));
    }

    /** Sends a handshake with one line more, or one line replaced; returns the status line. */
    private String handshake(String line) throws IOException {
        var name = line.substring(0, line.indexOf(':') + 1);
        var head = new StringBuilder("GET /push HTTP/1.1\r\nHost: localhost:" + server.port() + "\r\n");
        for (var usual : new String[] {
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol: postern.v1"
        }) {
            head.append(usual.startsWith(name) ? "" : usual + "\r\n");
        }
        head.append(line).append("\r\n\r\n").append(line.startsWith("Content-Length") ? "abc" : "");
        try (var socket = new Socket("localhost", server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.US_ASCII));
            return statusLine(socket.getInputStream());
        }
    }

    @Test
    void a_path_that_is_not_served_is_404_without_a_page() throws Exception {
        try (var socket = new Socket("localhost", server.port())) {
            socket.getOutputStream()
                    .write("GET /other HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(response.startsWith("HTTP/1.1 404 "), response);
            assertTrue(response.endsWith("404 Not Found\n"), response);
            assertFalse(response.contains("Server:"), response);
        }
    }

    @Test
    void a_session_taken_with_an_exception_stays_usable() throws Exception {
        assertEquals(200, session.post(1, "data:1\n\n").statusCode());
        refused(413, "size", session.post(2, "data:" + "x".repeat(MAX_MESSAGE + 1) + "\n\n"));
        assertEquals(200, session.post(2, "data:2\n\n").statusCode());
        assertEquals(new Message.Text("1"), server.sessions().getFirst().receive());
    }
}
