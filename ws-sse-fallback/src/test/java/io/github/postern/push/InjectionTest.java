package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client says stays what it is wherever the server repeats it: in headers, records and Close frames. */
@Timeout(30)
class InjectionTest {
    private final LinkedBlockingQueue<PushSession> sessions = new LinkedBlockingQueue<>();
    private PushServer server;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        server = PushServer.builder()
                .options(PushOptions.defaults().withAllowedOrigins(Set.of("*")))
                .path("/push", session -> {
                    sessions.add(session);
                    for (var message : session) {
                        session.send(message);
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

    /** Every origin is on the list, so this header comes back. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.example\r\n Set-Cookie: user=mallory",
                "https://a.example\r\n\tX-Injected: 1",
                "https://a.example\rX-Injected: 1",
                "https://a.example\nX-Injected: 1",
                "https://a.example\u0000X-Injected: 1",
                "https://a.example%0d%0aX-Injected: 1",
                "https://a.example\u000b\u0085X-Injected: 1",
                "https://a.example\u00c4\u008d\u00c4\u008aX-Injected: 1"
            })
    void an_origin_brings_no_header_of_its_own(String origin) throws Exception {
        try (var connection = new RawConnection(server.port())) {
            connection.request("GET", "", "Origin: " + origin, "Postern-Epoch: 1", "Postern-Transport: polling");
            var response = connection.response();
            assertFalse(
                    response.headers().containsKey("X-Injected"),
                    response.headers().toString());
            assertFalse(
                    response.headers().containsKey("Set-Cookie"),
                    response.headers().toString());
            var echoed = response.header("Access-Control-Allow-Origin");
            assertTrue(
                    response.status() == 400
                            ? echoed == null
                            : echoed != null && echoed.chars().noneMatch(c -> c < ' '),
                    origin);
        }
    }

    @Test
    void a_reason_stays_one_parameter_of_one_record() throws Exception {
        var reason = "bye\r\n\r\nid:9\ndata:forged\n\nevent:text&code=1000&reason=x\u0000\u001b[31m";
        var session = client.open(PushTransport.SSE);
        var body = "event:close\ndata:code=3000&reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8) + "\n\n";
        assertEquals(200, session.post(1, body).statusCode());
        var close = session.stream.next();
        var parameters = close.parameters();
        assertNotNull(parameters);
        assertEquals(3000, parameters.number("code"));
        assertEquals(reason, parameters.text("reason").orElseThrow());
        assertTrue(session.stream.rest().isEmpty(), "nothing comes behind it");
        var gone = session.attach(PushTransport.SSE, 0);
        assertEquals(close.data(), gone.next().data());
        assertTrue(gone.rest().isEmpty());
    }

    @Test
    void a_ping_is_answered_by_one_record() throws Exception {
        var socket = TestWebSocket.open(client.http(), server.port(), "postern.v1");
        socket.control("event:attach\ndata:epoch=1\n\n");
        socket.nextControl("attached");
        socket.control("event:ping\ndata:a\ndata:\ndata:event:close\n\n");
        assertEquals("a\n\nevent:close", socket.nextControl("pong").data());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n\nid:9\ndata:forged\n\n",
                "\r\rid:9\rdata:forged\r\r",
                "\n",
                "\r\n\r\n",
                ":\n\nevent:close\n\n"
            })
    void a_message_stays_one_message_on_every_transport(String text) throws Exception {
        var record = new EventStreamEncoder();
        record.message(new Message.Text(text));
        var body = StandardCharsets.UTF_8.decode(record.contents()).toString();
        for (var transport :
                new PushTransport[] {PushTransport.SSE, PushTransport.LONG_POLLING, PushTransport.POLLING}) {
            var session = client.open(transport);
            assertEquals(200, session.post(1, body + "data:end\n\n").statusCode());
            var first = next(session, transport, 0);
            assertEquals(new Message.Text(text), first.message());
            assertEquals(1, first.number());
            assertEquals(new Message.Text("end"), next(session, transport, 1).message());
        }
    }

    private static StreamRecord next(TestClient.Session session, PushTransport transport, long position)
            throws Exception {
        if (transport == PushTransport.SSE) {
            return session.stream.next();
        }
        while (true) {
            var first = session.poll(transport, position).nextOrEnd();
            if (first != null) {
                return first;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[31mred",
                "1\u0000",
                "%0d%0aX-Injected:1",
                "'; DROP TABLE",
                "../../etc/passwd",
                "<script>alert(1)</script>"
            })
    void an_error_repeats_nothing_of_the_request(String value) throws Exception {
        for (var name : new String[] {
            "Postern-Session",
            "Postern-Epoch",
            "Postern-Transport",
            "Last-Event-ID",
            "Postern-Version",
            "Postern-Padding"
        }) {
            try (var connection = new RawConnection(server.port())) {
                connection.request(
                        "GET", "", name.equals("Postern-Epoch") ? "X-None: " : "Postern-Epoch: 1", name + ": " + value);
                var response = connection.response();
                assertEquals(400, response.status(), name + ": " + value);
                assertFalse((response.headers() + response.body()).contains(value.substring(1)), response.body());
            }
        }
        try (var connection = new RawConnection(server.port())) {
            connection.write("GET /" + URLEncoder.encode(value, StandardCharsets.UTF_8)
                    + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            var response = connection.response();
            assertTrue(response.body().matches("40[04] [A-Z][a-z]+ [A-Z][a-z]+\n"), response.body());
        }
    }
}
