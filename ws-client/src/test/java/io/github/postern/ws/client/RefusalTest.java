package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.postern.ws.core.handshake.HandshakeResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application learns of a server that refuses. */
@Timeout(30)
class RefusalTest {
    private static final int LIMIT = 64 * 1024;

    private static HandshakeResponse refusal(Peer server, WebSocketClient client) {
        return assertThrows(HandshakeRejectedException.class, () -> client.connect(server.uri("/")))
                .response();
    }

    private static String body(String afterStatusLine) throws Exception {
        try (var server = Peer.answering(head -> "HTTP/1.1 503 Busy\r\n" + afterStatusLine)) {
            return refusal(server, WebSocketClient.create()).body();
        }
    }

    @Test
    void status_headers_and_body_are_there() throws Exception {
        try (var server =
                Peer.answering(head -> "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nX: 1\r\nx: 2\r\n"
                        + "Content-Length: 5\r\n\r\nno\u00c3\u00a9!")) {
            var response = refusal(server, WebSocketClient.create());
            assertEquals(401, response.status());
            assertEquals("Bearer", response.headers().first("www-authenticate").orElseThrow());
            assertEquals("[1, 2]", response.headers().all("X").toString());
            assertEquals("noé!", response.body());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'Content-Length: 0', abc, ''",
        "'Content-Length: 2', abc, ab",
        "'Content-Length: 9', abc, abc",
        "'Content-Length: x', abc, abc",
        "'X: y', abc, abc",
        "'Transfer-Encoding: gzip, chunked', abc, abc"
    })
    void the_body_ends_where_its_length_or_the_stream_says(String field, String sent, String body) throws Exception {
        assertEquals(body, body(field + "\r\n\r\n" + sent));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3~abc~2;ext=1~de~0~~|abcde",
                "A~0123456789~0~~more|0123456789",
                "3~abc~|abc",
                "3~abc~x~de~|abc",
                "3~abcde~|abc",
                "5~ab|ab",
                "0~~|''"
            })
    void a_chunked_body_is_put_together_as_far_as_it_is_well_formed(String sent, String body) throws Exception {
        assertEquals(body, body("Transfer-Encoding: chunked\r\n\r\n" + sent.replace("~", "\r\n")));
    }

    @ParameterizedTest
    @ValueSource(ints = {LIMIT - 1, LIMIT, LIMIT + 1})
    void of_a_long_body_there_are_64_kib(int size) throws Exception {
        var sent = "x".repeat(size);
        var kept = sent.substring(0, Math.min(size, LIMIT));
        assertEquals(kept, body("Content-Length: " + size + "\r\n\r\n" + sent));
        assertEquals(kept, body("\r\n" + sent));
        assertEquals(
                kept,
                body("Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(size) + "\r\n" + sent
                        + "\r\n0\r\n\r\n"));
    }

    @Test
    void a_body_that_does_not_end_in_time_does_not_hide_the_refusal() throws Exception {
        try (var server = new Peer(visit -> {
            visit.head();
            visit.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nabc");
            visit.awaitEnd();
        })) {
            var client = WebSocketClient.builder()
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();
            var response = refusal(server, client);
            assertEquals(403, response.status());
            assertEquals("abc", response.body());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void a_status_without_a_body_has_none(int status) throws Exception {
        try (var server = Peer.answering(head -> "HTTP/1.1 " + status + " Odd\r\n\r\nbody")) {
            assertEquals("", refusal(server, WebSocketClient.create()).body());
        }
    }

    @Test
    void what_follows_a_101_that_is_refused_is_not_read() throws Exception {
        try (var server = Peer.answering(head -> "HTTP/1.1 101 Switching Protocols\r\n\r\n\u0081\u0002Hi")) {
            assertEquals("", refusal(server, WebSocketClient.create()).body());
        }
    }
}
