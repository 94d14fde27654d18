package io.github.postern.ws.core.handshake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses are complete and safe whatever they are made of. */
class HandshakeResponseTest {
    @Test
    void a_final_response_has_length_close_and_a_plain_body() {
        assertEquals("""
                HTTP/1.1 404 Not Found\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Length: 10\r
                Connection: close\r
                \r
                no \u00e9 \u20ac\ud83d""".replace("\ud83d", "?"), wire(HandshakeResponse.of(404, "no \u00e9 \u20ac\ud83d")));
    }

    @Test
    void a_body_without_type_is_called_plain_text() {
        assertEquals("""
                HTTP/1.1 200 OK\r
                Content-Length: 3\r
                Content-Type: text/plain; charset=utf-8\r
                Connection: close\r
                \r
                <p>""", wire(HandshakeResponse.of(200, Headers.empty(), "<p>")));
        assertEquals("""
                HTTP/1.1 200 OK\r
                content-type: text/html\r
                Content-Length: 3\r
                Connection: close\r
                \r
                <p>""", wire(HandshakeResponse.of(200, Headers.of("content-type", "text/html"), "<p>")));
    }

    @Test
    void an_empty_body_has_length_0() {
        assertEquals(
                "HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                wire(HandshakeResponse.of(302, Headers.of("Location", "/a"), "")));
    }

    @Test
    void framing_fields_of_the_caller_are_replaced() {
        var headers = Headers.of(
                "content-length",
                "99",
                "Transfer-Encoding",
                "chunked",
                "connection",
                "Keep-Alive, Upgrade",
                "Connection",
                "CLOSE, x");
        assertEquals("""
                HTTP/1.1 200 OK\r
                Content-Length: 1\r
                Content-Type: text/plain; charset=utf-8\r
                Connection: Upgrade, x, close\r
                \r
                a""", wire(HandshakeResponse.of(200, headers, "a")));
    }

    @Test
    void a_response_without_content_has_no_length() {
        assertEquals(
                "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
                wire(HandshakeResponse.of(204, Headers.empty(), "")));
        assertEquals(
                "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n",
                wire(HandshakeResponse.of(304, Headers.empty(), "")));
    }

    @Test
    void a_1xx_response_is_written_as_it_is() {
        var headers = Headers.of("Connection", "Upgrade", "Upgrade", "websocket");
        assertEquals(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                wire(HandshakeResponse.of(101, headers, "")));
        assertEquals("HTTP/1.1 100 Continue\r\n\r\n", wire(HandshakeResponse.of(100, Headers.empty(), "")));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {100, 101, 199, 204, 304})
    void a_body_where_none_may_be_is_the_callers_fault(int status) {
        assertThrows(IllegalArgumentException.class, () -> HandshakeResponse.of(status, "body"));
        assertEquals("", HandshakeResponse.of(status, "").body());
    }

    @Test
    void status_is_100_to_999() {
        assertThrows(IllegalArgumentException.class, () -> HandshakeResponse.of(99, ""));
        assertEquals(100, HandshakeResponse.of(100, "").status());
        assertEquals(999, HandshakeResponse.of(999, "x").status());
        assertThrows(IllegalArgumentException.class, () -> HandshakeResponse.of(1000, ""));
    }

    @Test
    void interim_are_all_1xx_but_101() {
        for (int status = 100; status <= 999; status++) {
            var response = HandshakeResponse.of(status, "");
            assertEquals(status < 200 && status != 101, response.isInterim());
        }
    }

    @Test
    void phrases_are_known_for_every_status_that_handshakes_use() {
        for (int status : List.of(
                100, 101, 103, 200, 204, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 407, 408, 409, 413)) {
            assertFalse(HandshakeResponse.of(status, "").reasonPhrase().isEmpty());
        }
        for (int status : List.of(414, 421, 426, 429, 431, 500, 501, 502, 503, 504, 505)) {
            assertFalse(HandshakeResponse.of(status, "").reasonPhrase().isEmpty());
        }
    }

    @Test
    void an_unknown_status_has_an_empty_phrase() {
        assertEquals(
                "HTTP/1.1 599 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                wire(HandshakeResponse.of(599, Headers.empty(), "")));
    }

    @Test
    void a_header_field_can_be_added_but_never_break_the_head() {
        var response = HandshakeResponse.of(503, "busy").withHeader("Retry-After", "5");
        assertEquals("5", response.headers().first("retry-after").orElseThrow());
        assertThrows(IllegalArgumentException.class, () -> response.withHeader("A", "b\r\nSet-Cookie: c"));
        assertThrows(IllegalArgumentException.class, () -> response.withHeader("A: b\r\nC", "d"));
    }

    private static String wire(HandshakeResponse response) {
        return new String(response.encode(), UTF_8);
    }
}
