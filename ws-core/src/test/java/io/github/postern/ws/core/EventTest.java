package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.bytes;
import static io.github.postern.ws.core.Wire.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The control frames that RFC 6455 obliges us to send. */
class EventTest {
    @Test
    void messages_and_pongs_need_no_reply() {
        assertNull(event("8101 61").reply());
        assertNull(event("8201 61").reply());
        assertNull(event("8a01 61").reply());
    }

    @Test
    void a_ping_is_answered_with_its_payload() {
        var reply = assertInstanceOf(Reply.Pong.class, event("8903 010203").reply());
        assertEquals("010203", hex(reply.payload()));
    }

    @Test
    void reading_a_ping_does_not_empty_its_reply_nor_the_other_way_round() {
        var input = ByteBuffer.wrap(bytes("8903 010203 8902 0405"));
        var inbound = new Inbound(Role.CLIENT, Limits.defaults());
        for (var payload : new String[] {"010203", "0405"}) {
            var ping = assertInstanceOf(Event.Ping.class, inbound.next(input));
            var length = payload.length() / 2;
            ping.payload().get(new byte[length]);
            assertEquals(payload, hex(ping.reply().payload()));
            ping.payload().rewind();
            ping.reply().payload().get(new byte[length]);
            assertEquals(payload, hex(ping.payload()));
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"8800, 1005", "8802 03e8, 1000", "8803 0bb8 61, 3000"})
    void a_close_frame_is_answered_with_its_code_and_an_empty_one_with_an_empty_one(String frame, int code) {
        assertEquals(new Reply.Close(CloseStatus.of(code)), event(frame).reply());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"8300, 1002", "8101 ff, 1007", "8803 03e8 ff, 1007", "8202 0102, 1009"})
    void a_failure_is_answered_with_the_code_for_it_and_nothing_else(String frame, int code) {
        assertEquals(new Reply.Close(CloseStatus.of(code)), event(frame).reply());
    }

    @Test
    void control_events_do_not_show_their_payload() {
        assertEquals("Ping[2 bytes]", event("8902 6869").toString());
        assertEquals("Pong[2 bytes]", event("8a02 6869").toString());
    }

    private static Event event(String frame) {
        var event = new Inbound(Role.CLIENT, new Limits(1, 1, 1, 200)).next(ByteBuffer.wrap(bytes(frame)));
        return assertInstanceOf(Event.class, event);
    }
}
