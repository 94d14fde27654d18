package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.bytes;
import static io.github.postern.ws.core.Wire.frame;
import static io.github.postern.ws.core.Wire.hex;
import static io.github.postern.ws.core.Wire.pattern;
import static io.github.postern.ws.core.Wire.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.handshake.Extension;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §5.4 to §5.6, §7, §8.1 and §10.4: what frames mean together, and what they may not. */
class InboundTest {
    private static final Limits LIMITS = new Limits(10, 20, 3, 200);

    @Test
    void joins_the_fragments_of_a_message() {
        Received.frames("0103 48656c", "8002 6c6f").gives("text Hello");
        Received.frames("0201 01", "0002 0203", "8001 04").gives("binary 01020304");
    }

    @Test
    void control_frames_between_fragments_are_dealt_with_at_once() {
        Received.frames("0103 48656c", "8901 07", "0001 6c", "8a01 08", "8001 6f")
                .gives("ping 07", "pong 08", "text Hello");
    }

    @Test
    void a_close_frame_between_fragments_ends_the_message_too() {
        Received.frames("0103 48656c", "8802 03e8", "8002 6c6f").gives("closed 1000 ");
    }

    @Test
    void fragments_may_be_empty_the_first_the_middle_and_the_last() {
        Received.frames("0100", "0000", "8000").gives("text ");
        Received.frames("0200", "0001 01", "0000", "8000").gives("binary 01");
    }

    @Test
    void a_message_may_follow_a_fragmented_one() {
        Received.frames("0101 61", "8001 62", "8201 01", "0201 02", "8001 03")
                .gives("text ab", "binary 01", "binary 0203");
    }

    @Test
    void rejects_a_continuation_without_a_start() {
        Received.frames("8001 61").gives("failed 1002 continuation frame without a message to continue");
        Received.frames("0000").gives("failed 1002 continuation frame without a message to continue");
    }

    @Test
    void rejects_a_continuation_after_a_complete_message() {
        Received.frames("8101 61", "8001 62")
                .gives("text a", "failed 1002 continuation frame without a message to continue");
        Received.frames("0101 61", "8001 62", "0001 63")
                .gives("text ab", "failed 1002 continuation frame without a message to continue");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"8101 62", "8201 62", "0101 62", "0201 62"})
    void rejects_a_new_message_inside_a_fragmented_one(String second) {
        Received.frames("0101 61", second).gives("failed 1002 new message inside a fragmented one");
    }

    @Test
    void text_may_be_cut_inside_a_character() {
        Received.frames("0105 ceba e1bd b9", "0001 cf", "8003 83 ceba").gives("text κ\u1f79σκ");
    }

    @Test
    void rejects_text_that_is_not_utf_8() {
        Received.frames("8102 c328").gives("failed 1007 text message is not UTF-8");
        Received.frames("0101 c3", "8001 28").gives("failed 1007 text message is not UTF-8");
    }

    @Test
    void rejects_text_that_ends_inside_a_character() {
        Received.frames("8102 61c3").gives("failed 1007 text message is not UTF-8");
        Received.frames("0102 61c3", "8000").gives("failed 1007 text message is not UTF-8");
    }

    @Test
    void accepts_the_replacement_character_when_it_was_sent() {
        Received.frames(frame(0x81, utf8("\uFFFD?"))).gives("text \uFFFD?");
    }

    @Test
    void binary_data_may_be_anything() {
        Received.frames("8203 c328ff").gives("binary c328ff");
        Received.frames("0202 c328", "8001 ff").gives("binary c328ff");
    }

    @Test
    void fails_at_the_first_byte_that_no_text_has() {
        // Autobahn 6.4: the frame is not complete, and not even the character.
        var inbound = new Inbound(Role.CLIENT, Limits.defaults());
        assertNull(inbound.next(ByteBuffer.wrap(bytes("817e ffff ceba e1bd b9 f4"))));
        var failed = assertInstanceOf(Event.Failed.class, inbound.next(ByteBuffer.wrap(bytes("90"))));
        assertEquals(CloseStatus.INVALID_PAYLOAD, failed.status());
    }

    @Test
    void fails_with_the_fragment_that_no_text_has() {
        var inbound = new Inbound(Role.CLIENT, Limits.defaults());
        assertNull(inbound.next(ByteBuffer.wrap(bytes("0101 61"))));
        var failed = assertInstanceOf(Event.Failed.class, inbound.next(ByteBuffer.wrap(bytes("0002 c328"))));
        assertEquals(CloseStatus.INVALID_PAYLOAD, failed.status());
    }

    @Test
    void text_goes_on_after_a_control_frame_inside_a_character() {
        Received.frames("0101 c3", "8901 ff", "8001 bc").gives("ping ff", "text ü");
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({"9, true", "10, true", "11, false"})
    void a_frame_may_be_as_long_as_the_limit(int size, boolean accepted) {
        Received.frames(frame(0x82, pattern(size)))
                .within(LIMITS)
                .gives(accepted ? "binary " + hex(pattern(size)) : "failed 1009 frame longer than 10 bytes: " + size);
    }

    @ParameterizedTest(name = "{0} bytes in the last frame: {1}")
    @CsvSource({"3, true", "4, true", "5, false"})
    void a_message_may_be_as_long_as_the_limit_all_fragments_together(int size, boolean accepted) {
        var message = pattern(16 + size);
        var frames = Received.frames(
                        frame(0x02, Arrays.copyOf(message, 8)),
                        frame(0x00, Arrays.copyOfRange(message, 8, 16)),
                        frame(0x80, Arrays.copyOfRange(message, 16, 16 + size)))
                .within(LIMITS);
        frames.gives(accepted ? "binary " + hex(message) : "failed 1009 message longer than 20 bytes: 21");
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({"19, true", "20, true", "21, false"})
    void a_message_of_one_frame_may_be_as_long_as_the_limit(int size, boolean accepted) {
        Received.frames(frame(0x81, utf8("x".repeat(size))))
                .within(LIMITS.withMaxFrameSize(100))
                .gives(accepted ? "text " + "x".repeat(size) : "failed 1009 message longer than 20 bytes: 21");
    }

    @ParameterizedTest(name = "{0} fragments: {1}")
    @CsvSource({"1, true", "2, true", "3, true", "4, false"})
    void a_message_may_have_as_many_fragments_as_the_limit_empty_ones_counted(int fragments, boolean accepted) {
        var frames = new ArrayList<byte[]>();
        for (var i = 1; i <= fragments; i++) {
            frames.add(frame((i == 1 ? 0x02 : 0x00) | (i == fragments ? 0x80 : 0x00), new byte[0]));
        }
        Received.frames(frames)
                .within(LIMITS)
                .gives(accepted ? "binary " : "failed 1008 message of more than 3 fragments");
    }

    @Test
    void limits_are_for_each_message_anew() {
        Received.frames("0201 01", "0001 02", "8001 03", "0201 04", "0001 05", "8001 06")
                .within(new Limits(1, 3, 3, 200))
                .gives("binary 010203", "binary 040506");
    }

    @Test
    void limits_do_not_concern_control_frames() {
        Received.frames("8903 010203", "8a03 010203")
                .within(new Limits(1, 1, 1, 200))
                .gives("ping 010203", "pong 010203");
    }

    @Test
    void a_limit_is_checked_with_the_header_and_not_with_the_payload() {
        Received.frames("827e 0400")
                .within(new Limits(1023, 4096, 1, 200))
                .gives("failed 1009 frame longer than 1023 bytes: 1024");
    }

    @Test
    void lengths_that_overflow_together_are_too_big() {
        Received.frames("0201 01", "807f 7fffffffffffffff")
                .within(new Limits(Long.MAX_VALUE, 1000, 10, 200))
                .gives("failed 1009 message longer than 1000 bytes: 9223372036854775808");
    }

    @Test
    void after_a_close_frame_nothing_is_read() {
        Received.frames("8802 03e8", "8101 61", "8900", "8802 03e9", "ffff ffff")
                .gives("closed 1000 ");
    }

    @Test
    void after_a_failure_nothing_is_read() {
        Received.frames("8300", "8101 61", "8900", "8802 03e8").gives("failed 1002 reserved opcode: 0x3");
    }

    @Test
    void knows_whether_a_message_or_frame_has_begun() {
        var inbound = new Inbound(Role.CLIENT, Limits.defaults());
        assertFalse(inbound.inMessage());
        inbound.next(ByteBuffer.wrap(bytes("01")));
        assertTrue(inbound.inMessage(), "in a header");
        inbound.next(ByteBuffer.wrap(bytes("02")));
        assertTrue(inbound.inMessage(), "before the payload");
        inbound.next(ByteBuffer.wrap(bytes("61 62")));
        assertTrue(inbound.inMessage(), "between fragments");
        inbound.next(ByteBuffer.wrap(bytes("8900")));
        assertTrue(inbound.inMessage(), "after a control frame between fragments");
        inbound.next(ByteBuffer.wrap(bytes("8001 63")));
        assertFalse(inbound.inMessage(), "after the message");
        inbound.next(ByteBuffer.wrap(bytes("8902 01")));
        assertTrue(inbound.inMessage(), "in a control frame");
        inbound.next(ByteBuffer.wrap(bytes("01")));
        assertFalse(inbound.inMessage(), "after the control frame");
        inbound.next(ByteBuffer.wrap(bytes("0101 61 8800")));
        assertFalse(inbound.inMessage(), "closed between fragments");
    }

    @Test
    void consumes_input_as_far_as_the_event_reaches() {
        var inbound = new Inbound(Role.CLIENT, Limits.defaults());
        var input = ByteBuffer.wrap(bytes("8101 61 8800 ff"));
        inbound.next(input);
        assertEquals(3, input.position());
        inbound.next(input);
        assertEquals(5, input.position());
        assertNull(inbound.next(input));
        assertEquals(6, input.position());
    }

    @Test
    void binary_data_has_an_array_of_its_own() {
        for (var hex : List.of("8202 0102", "0201 01 8001 02")) {
            var input = ByteBuffer.wrap(bytes(hex));
            var data = assertInstanceOf(Event.Binary.class, new Inbound(Role.CLIENT, Limits.defaults()).next(input))
                    .data();
            assertNotSame(input.array(), data.array());
            assertEquals(2, data.array().length);
            assertEquals(0, data.arrayOffset() + data.position());
        }
    }

    @Test
    void text_before_and_after_in_the_input_is_not_touched() {
        var bytes = Wire.concat(
                List.of(Wire.bytes("55"), Wire.masked(frame(0x81, utf8("Hello")), Wire.KEY), Wire.bytes("8955")));
        new Inbound(Role.SERVER, Limits.defaults()).next(ByteBuffer.wrap(bytes).position(1));
        assertEquals("55 8185 37fa213d 48656c6c6f 8955".replace(" ", ""), hex(bytes));
    }

    @Test
    void control_events_are_used_again() {
        var inbound = new Inbound(Role.CLIENT, Limits.defaults());
        var input = ByteBuffer.wrap(bytes("8901 01 8a01 02 8910" + "03".repeat(16) + "8a00"));
        var ping = inbound.next(input);
        var pong = inbound.next(input);
        assertSame(ping, inbound.next(input));
        assertEquals("ping " + "03".repeat(16), Wire.words(assertInstanceOf(Event.Ping.class, ping)));
        assertSame(pong, inbound.next(input));
        assertEquals("pong ", Wire.words(assertInstanceOf(Event.Pong.class, pong)));
    }

    @Test
    void rejects_read_only_input() {
        var inbound = new Inbound(Role.SERVER, Limits.defaults());
        var input = ByteBuffer.allocate(1).asReadOnlyBuffer();
        assertThrows(IllegalArgumentException.class, () -> inbound.next(input));
    }

    @Test
    void rejects_extensions_that_it_does_not_know() {
        var extensions = List.of(new Extension("x-webkit-deflate-frame", List.of()));
        var thrown = assertThrows(
                IllegalArgumentException.class,
                () -> new Inbound(Role.SERVER, Limits.defaults(), extensions, DeflateOptions.defaults()));
        assertEquals("extension not supported: x-webkit-deflate-frame", thrown.getMessage());
    }
}
