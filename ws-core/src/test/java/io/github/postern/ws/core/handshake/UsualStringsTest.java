package io.github.postern.ws.core.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What two requests have in common is kept once. */
class UsualStringsTest {
    private static HandshakeRequest request(String upgrade) {
        var head = "GET / HTTP/1.1\r\nHost: a.example\r\n" + upgrade + "\r\nOther: websocket\r\n\r\n";
        var input = ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII));
        var decoder = HttpHeadDecoder.forRequest(HeadLimits.defaults());
        return assertInstanceOf(Head.Request.class, decoder.next(input)).request();
    }

    @Test
    void usual_names_and_values_are_the_same_objects() {
        var one = request("Upgrade: websocket");
        var other = request("Upgrade:   websocket ");
        assertSame(one.method(), other.method());
        assertSame(one.target(), other.target());
        assertSame(
                one.headers().entries().get(1).name(),
                other.headers().entries().get(1).name());
        assertSame(
                one.headers().first("Upgrade").orElseThrow(),
                other.headers().first("Upgrade").orElseThrow());
    }

    @Test
    void the_case_of_a_name_stays_as_it_was_written() {
        assertEquals(
                "upgrade",
                request("upgrade: websocket").headers().entries().get(1).name());
        assertEquals(
                "UPGRADE",
                request("UPGRADE: websocket").headers().entries().get(1).name());
    }

    private static HandshakeRequest request(String target, String field) {
        var head = "GET " + target + " HTTP/1.1\r\n" + (field.startsWith("Host") ? "" : "Host: a\r\n") + field
                + "\r\n\r\n";
        var input = ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII));
        var decoder = HttpHeadDecoder.forRequest(HeadLimits.defaults());
        return assertInstanceOf(Head.Request.class, decoder.next(input)).request();
    }

    private static void assertValueIsKeptOnce(boolean once, String field) {
        var one = request("/", field).headers().entries().getLast().value();
        var other = request("/", field).headers().entries().getLast().value();
        assertEquals(one, other);
        assertEquals(once, one == other, field);
    }

    @Test
    void what_clients_of_one_server_share_is_the_same_object_as_long_as_it_is_recent() {
        assertValueIsKeptOnce(true, "Host: push.example:8443");
        assertValueIsKeptOnce(true, "origin: https://push.example");
        assertValueIsKeptOnce(true, "User-Agent: Mozilla/5.0 (X11; Linux x86_64)");
        assertSame(
                request("/quotes", "Host: a").target(),
                request("/quotes", "Host: b").target());
    }

    @Test
    void what_may_be_secret_or_is_of_one_client_is_not_kept_for_others() {
        assertValueIsKeptOnce(false, "Authorization: Bearer 123");
        assertValueIsKeptOnce(false, "Cookie: session=123");
        assertValueIsKeptOnce(false, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        assertNotSame(
                request("/quotes?token=123", "Host: a").target(),
                request("/quotes?token=123", "Host: a").target());
    }
}
