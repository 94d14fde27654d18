package io.github.postern.ws.core.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
}
