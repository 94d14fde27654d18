package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that a proxy before the server may read otherwise than the server: they are refused and the connection ends, so that nothing of what follows is
 * taken for another request (RFC 9112 §6.3, §11.2).
 */
@Timeout(30)
class SmugglingTest {
    /** What an attacker wants the server to see. */
    private static final String SECOND = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private PushServer server;

    @BeforeEach
    void start() throws Exception {
        server = PushServer.builder()
                .health("/health")
                .path("/push", session -> session.forEach(message -> {}))
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdown(Duration.ZERO, Duration.ZERO);
    }

    private void assertRefused(String head, String body) throws Exception {
        try (var connection = new RawConnection(server.port())) {
            connection.write(head.replace("\n", "\r\n") + "\r\n" + body + SECOND);
            var response = connection.response();
            assertEquals(400, response.status(), head);
            assertEquals("", connection.rest(), "a second answer");
            assertTrue(response.body().length() < 100, response.body());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\nTransfer-Encoding: chunked\n",
                "Transfer-Encoding: chunked\nContent-Length: 5\n",
                "Content-Length: 5\nContent-Length: 6\n",
                "Content-Length: 5\nContent-Length: 5\n",
                "Content-Length: 5, 6\n",
                "Content-Length: +5\n",
                "Content-Length: -5\n",
                "Content-Length: 0x5\n",
                "Content-Length: 5 5\n",
                "Content-Length: 99999999999999999999\n",
                "Content-Length:\n",
                "Transfer-Encoding: chunked\nTransfer-Encoding: chunked\n",
                "Transfer-Encoding: chunked, chunked\n",
                "Transfer-Encoding: chunked, identity\n",
                "Transfer-Encoding: xchunked\n",
                "Transfer-Encoding: \u000bchunked\n",
                "Transfer-Encoding : chunked\n",
                "Content-Length : 5\n",
                "X-Folded: a\n Content-Length: 5\n",
                "X-Folded: a\n\tb\n",
                "X: a\u0000b\n",
                "X Y: a\n",
                ": a\n",
                "no colon\n"
            })
    void a_request_with_two_readings_is_refused(String lines) throws Exception {
        assertRefused(
                "POST /push HTTP/1.1\nHost: localhost\nContent-Type: text/event-stream\nPostern-Session: x\nPostern-Epoch: 1\n"
                        + lines,
                "0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /push HTTP/1.1\n",
                "POST /push HTTP/1.1\nHost: a\nHost: b\n",
                "POST /push\tHTTP/1.1\nHost: localhost\n",
                "PO ST /push HTTP/1.1\nHost: localhost\n"
            })
    void a_request_that_is_not_one_is_refused(String head) throws Exception {
        assertRefused(head, "");
    }

    @Test
    void a_carriage_return_alone_ends_no_line() throws Exception {
        try (var connection = new RawConnection(server.port())) {
            connection.write("GET /health HTTP/1.1\r\nHost: localhost\r\nX: a\rContent-Length: 43\r\n\r\n" + SECOND);
            assertEquals(400, connection.response().status());
            assertEquals("", connection.rest());
        }
    }

    @Test
    void the_handshake_of_a_websocket_has_no_body() throws Exception {
        for (var line : new String[] {"Content-Length: 43", "Transfer-Encoding: chunked"}) {
            try (var connection = new RawConnection(server.port())) {
                connection.request(
                        "GET",
                        SECOND,
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        line);
                assertEquals(400, connection.response().status());
            }
        }
    }

    @Test
    void a_head_too_long_is_refused_and_the_connection_ends() throws Exception {
        var heads = new String[] {
            "GET /health?" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(9_000) + "\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost: localhost\r\n" + "X: x\r\n".repeat(2_000) + "\r\n"
        };
        for (var head : heads) {
            try (var connection = new RawConnection(server.port())) {
                connection.write(head + SECOND);
                int status = connection.response().status();
                assertTrue(status == 414 || status == 431, "status " + status);
                assertEquals("", connection.rest());
            }
        }
    }

    @Test
    void a_request_that_is_well_formed_is_followed_by_another() throws Exception {
        try (var connection = new RawConnection(server.port())) {
            connection.write("GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nabcde" + SECOND);
            assertEquals(200, connection.response().status());
            assertEquals(200, connection.response().status());
        }
    }
}
