package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.bytes;
import static io.github.postern.ws.core.Wire.frame;
import static io.github.postern.ws.core.Wire.hex;
import static io.github.postern.ws.core.Wire.pattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages received piece by piece. That the pieces make up the message, however it arrives, is in every test of {@link Received}. */
class PartsTest {
    private final Inbound inbound = new Inbound(Role.CLIENT, Limits.defaults());

    @Test
    void a_part_is_given_out_as_soon_as_it_has_arrived() {
        assertEquals(List.of("binary part 0102"), parts("8205 0102"));
        assertEquals(List.of("binary part 03"), parts("03"));
        assertEquals(List.of("binary part 0405 (last)"), parts("0405"));
    }

    @Test
    void a_message_that_is_all_there_is_one_part() {
        assertEquals(List.of("text part ab (last)", "binary part 01 (last)"), parts("8102 6162 8201 01"));
        assertEquals(List.of("text part  (last)", "binary part  (last)"), parts("8100 8200"));
    }

    @Test
    void what_the_frames_of_a_message_are_cannot_be_told_from_its_parts() {
        assertEquals(List.of("text part ab", "text part c", "text part  (last)"), parts("0102 6162 0000 0001 63 8000"));
    }

    @Test
    void control_frames_come_in_between_where_they_are() {
        assertEquals(
                List.of("text part a", "ping 07", "text part b (last)", "pong 08"),
                parts("0101 61 8901 07 8001 62 8a01 08"));
    }

    @Test
    void a_character_is_given_out_when_all_of_it_has_arrived() {
        assertEquals(List.of("text part a"), parts("8106 61f0"));
        assertEquals(List.of(), parts("9f"));
        assertEquals(List.of(), parts("98"));
        assertEquals(List.of("text part 😀"), parts("80"));
        assertEquals(List.of("text part b (last)"), parts("62"));
    }

    @Test
    void a_text_fails_at_the_first_byte_that_makes_it_invalid() {
        assertEquals(List.of("text part a"), parts("8106 61f0"));
        assertEquals(List.of("failed 1007 text message is not UTF-8"), parts("62"));
        assertEquals(List.of(), parts("6262626262 8100"));
    }

    @Test
    void a_text_that_ends_inside_a_character_has_no_last_part() {
        assertEquals(List.of("text part a"), parts("0102 61c3"));
        assertEquals(List.of("failed 1007 text message is not UTF-8"), parts("8000"));
    }

    @Test
    void what_was_taken_of_a_message_as_a_whole_is_in_the_first_part() {
        assertNull(inbound.next(ByteBuffer.wrap(bytes("0103 616263"))));
        assertNull(inbound.next(ByteBuffer.wrap(bytes("0002 64"))));
        assertEquals(List.of("text part abcde"), parts("65"));
        assertEquals(List.of("text part  (last)"), parts("8000"));

        assertNull(inbound.next(ByteBuffer.wrap(bytes("0203 010203"))));
        assertEquals(List.of("binary part 010203", "binary part 04 (last)"), parts("0000 8001 04"));
    }

    @Test
    void a_message_of_which_a_part_was_given_out_cannot_be_had_as_a_whole() {
        assertEquals(List.of("text part a"), parts("0101 61"));
        var rest = ByteBuffer.wrap(bytes("8001 62"));
        var thrown = assertThrows(IllegalStateException.class, () -> inbound.next(rest));
        assertEquals("a message is being received in parts", thrown.getMessage());
        assertEquals(3, rest.remaining());
        assertEquals("text part b (last)", Wire.words(assertInstanceOf(Event.class, inbound.nextPart(rest))));
        assertEquals(new Event.Text("c"), inbound.next(ByteBuffer.wrap(bytes("8101 63"))));
    }

    @Test
    void a_message_of_which_no_part_was_given_out_can_be_had_as_a_whole() {
        assertEquals(List.of(), parts("0100 0001 f0"));
        assertNull(inbound.next(ByteBuffer.wrap(bytes("0002 9f98"))));
        assertEquals(new Event.Text("😀"), inbound.next(ByteBuffer.wrap(bytes("8001 80"))));
    }

    @Test
    void a_binary_part_lies_in_the_input() {
        var input = ByteBuffer.wrap(bytes("8203 010203 8202 0405"));
        var first = assertInstanceOf(Event.BinaryPart.class, inbound.nextPart(input));
        assertSame(input.array(), first.data().array());
        var second = assertInstanceOf(Event.BinaryPart.class, inbound.nextPart(input));
        assertSame(first.data(), second.data(), "one view for all parts of an input");
        assertEquals("0405", hex(second.data()));
    }

    @Test
    void nothing_of_the_input_is_held_when_it_is_consumed() {
        var input = ByteBuffer.wrap(frame(0x02, pattern(1000)));
        assertInstanceOf(Event.BinaryPart.class, inbound.nextPart(input));
        assertTrue(Held.bytes(inbound) >= 1000);
        assertNull(inbound.nextPart(input));
        assertEquals(0, Held.bytes(inbound));
        assertTrue(inbound.inMessage());
    }

    @Test
    void nothing_of_a_text_is_held_but_the_character_begun() {
        assertEquals(List.of("text part " + "a".repeat(100)), parts("0165" + "61".repeat(100) + "c3"));
        assertEquals(1, Held.bytes(inbound));
        assertEquals(List.of("text part ü"), parts("0001 bc"));
        assertEquals(0, Held.bytes(inbound));
    }

    @Test
    void a_released_inbound_holds_nothing_and_gives_nothing() {
        assertEquals(List.of("text part a"), parts("0102 61c3"));
        inbound.release();
        assertTrue(inbound.isClosed());
        assertFalse(inbound.inMessage());
        assertEquals(0, Held.bytes(inbound));
        assertEquals(List.of(), parts("8001 bc 8101 61"));
    }

    @Test
    void the_end_lets_go_of_the_input() {
        var input = ByteBuffer.wrap(bytes("8201 01 8800"));
        assertInstanceOf(Event.BinaryPart.class, inbound.nextPart(input));
        assertTrue(Held.bytes(inbound) > 0);
        assertInstanceOf(Event.Closed.class, inbound.nextPart(input));
        assertEquals(0, Held.bytes(inbound));
    }

    @Test
    void the_limits_hold_for_all_parts_together() {
        var limited =
                new Inbound(Role.CLIENT, Limits.defaults().withMaxMessageSize(5).withMaxFragments(2));
        assertEquals(List.of("binary part 010203"), parts(limited, "0203 010203"));
        assertEquals(List.of("failed 1009 message longer than 5 bytes: 6"), parts(limited, "8003"));
        limited = new Inbound(Role.CLIENT, Limits.defaults().withMaxFragments(2));
        assertEquals(
                List.of("binary part 01", "failed 1008 message of more than 2 fragments"),
                parts(limited, "0201 01 0000 0000"));
    }

    private List<String> parts(String hex) {
        return parts(inbound, hex);
    }

    private static List<String> parts(Inbound inbound, String hex) {
        var input = ByteBuffer.wrap(bytes(hex));
        var words = new ArrayList<String>();
        for (var event = inbound.nextPart(input); event != null; event = inbound.nextPart(input)) {
            words.add(Wire.words(event));
        }
        assertFalse(input.hasRemaining());
        return words;
    }
}
