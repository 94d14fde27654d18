package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.bytes;
import static io.github.postern.ws.core.Wire.frame;
import static io.github.postern.ws.core.Wire.hex;
import static io.github.postern.ws.core.Wire.pattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much memory a message takes while it arrives. Fragmentation itself is in {@link InboundTest}. */
class MessageAssemblerTest {
    private static final int GIBIBYTE = 1 << 30;
    private static final Limits LIMITS = new Limits(GIBIBYTE, GIBIBYTE, 1024, 200);

    @Test
    void a_header_that_promises_much_reserves_little() {
        var inbound = new Inbound(Role.CLIENT, LIMITS);
        assertNull(inbound.next(ByteBuffer.wrap(bytes("827f 0000000040000000"))));
        assertEquals(0, Held.bytes(inbound));
        assertNull(inbound.next(ByteBuffer.wrap(bytes("01"))));
        assertEquals(4096, Held.bytes(inbound));
    }

    @Test
    void memory_grows_with_what_is_received_to_twice_as_much() {
        var inbound = new Inbound(Role.CLIENT, LIMITS);
        inbound.next(ByteBuffer.wrap(bytes("827f 0000000040000000")));
        for (var received = 1000; received <= 200_000; received += 1000) {
            inbound.next(ByteBuffer.allocate(1000));
            assertTrue(Held.bytes(inbound) >= received);
            assertTrue(Held.bytes(inbound) <= Math.max(4096, 2 * received + 4096), "for " + received);
        }
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({"1, 4096", "2047, 4096", "2048, 4096", "2049, 8192", "4096, 8192", "4097, 12288"})
    void capacities_are_twice_the_need_rounded_up_to_4096(int received, int capacity) {
        var inbound = new Inbound(Role.CLIENT, LIMITS);
        inbound.next(ByteBuffer.wrap(bytes("827f 0000000040000000")));
        inbound.next(ByteBuffer.allocate(received));
        assertEquals(capacity, Held.bytes(inbound));
    }

    @Test
    void what_is_reserved_is_filled_before_there_is_more() {
        var inbound = new Inbound(Role.CLIENT, LIMITS);
        inbound.next(ByteBuffer.wrap(bytes("827f 0000000040000000 01")));
        inbound.next(ByteBuffer.allocate(4095));
        assertEquals(4096, Held.bytes(inbound));
        inbound.next(ByteBuffer.allocate(1));
        assertEquals(12288, Held.bytes(inbound));
    }

    @Test
    void a_last_frame_reserves_no_more_than_the_message_needs() {
        var inbound = new Inbound(Role.CLIENT, LIMITS);
        inbound.next(ByteBuffer.wrap(Arrays.copyOf(frame(0x82, pattern(5000)), 4500)));
        assertEquals(5000, Held.bytes(inbound));
        inbound = new Inbound(Role.CLIENT, LIMITS);
        inbound.next(ByteBuffer.wrap(bytes("8203 0102")));
        assertEquals(3, Held.bytes(inbound));
    }

    @Test
    void fragments_reserve_no_more_than_the_limit() {
        var inbound = new Inbound(Role.CLIENT, LIMITS.withMaxMessageSize(100));
        inbound.next(ByteBuffer.wrap(bytes("0203 0102")));
        assertEquals(100, Held.bytes(inbound));
    }

    @Test
    void empty_fragments_reserve_nothing() {
        var inbound = new Inbound(Role.CLIENT, LIMITS);
        inbound.next(ByteBuffer.wrap(bytes("0200 0000 0000")));
        assertTrue(inbound.inMessage());
        assertEquals(0, Held.bytes(inbound));
    }

    private static int room(Inbound inbound, int arrived) {
        return Objects.requireNonNull(inbound.room(arrived)).remaining();
    }

    @Test
    void room_is_for_twice_of_what_has_arrived_and_never_beyond_the_frame() {
        var inbound = new Inbound(Role.CLIENT, LIMITS);
        inbound.next(ByteBuffer.wrap(bytes("827f 0000000000100000 01")));
        assertEquals(2 * 100_001 / 4096 * 4096 + 4096 - 1, room(inbound, 100_000));
        inbound.received(100_000);
        assertEquals((1 << 20) - 100_001, room(inbound, 1 << 20));
        assertEquals(1 << 20, Held.bytes(inbound));
    }

    @Test
    void there_is_no_room_but_for_plain_payload_of_a_message_as_a_whole() {
        var inbound =
                new Inbound(Role.CLIENT, LIMITS, Deflated.extensions(Deflated.TAKEOVER), DeflateOptions.defaults());
        assertNull(inbound.room(10), "nothing has begun");
        assertThrows(IllegalStateException.class, () -> inbound.received(1));
        inbound.next(ByteBuffer.wrap(bytes("02")));
        assertNull(inbound.room(10), "the header is not complete");
        inbound.next(ByteBuffer.wrap(bytes("03")));
        assertNull(inbound.room(10), "nothing of the payload is there");
        inbound.next(ByteBuffer.wrap(bytes("01")));
        assertEquals(2, room(inbound, 10));
        inbound.next(ByteBuffer.wrap(bytes("0203 8902 01")));
        assertNull(inbound.room(10), "a Ping is arriving");
        inbound.next(ByteBuffer.wrap(bytes("02")));
        assertNull(inbound.room(10), "no frame is arriving");
        inbound.nextPart(ByteBuffer.wrap(bytes("8003 01")));
        assertNull(inbound.room(10), "it is received in parts");
        inbound.nextPart(ByteBuffer.wrap(bytes("0203")));
        inbound.next(ByteBuffer.wrap(bytes("c203 01")));
        assertNull(inbound.room(10), "it is compressed");
    }

    @Test
    void room_is_asked_for_at_least_one_byte() {
        var inbound = new Inbound(Role.CLIENT, LIMITS);
        for (int arrived : new int[] {0, -1}) {
            var refused = assertThrows(IllegalArgumentException.class, () -> inbound.room(arrived));
            assertEquals("arrived below 1: " + arrived, refused.getMessage());
        }
        inbound.next(ByteBuffer.wrap(bytes("8203 01")));
        assertEquals(2, room(inbound, 1));
    }

    @Test
    void no_more_is_taken_than_there_was_room_for() {
        var inbound = new Inbound(Role.CLIENT, LIMITS);
        inbound.next(ByteBuffer.wrap(bytes("8203 01")));
        var room = Objects.requireNonNull(inbound.room(10)).put(bytes("0203"));
        assertFalse(room.hasRemaining());
        for (int length : new int[] {3, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            var refused = assertThrows(IllegalArgumentException.class, () -> inbound.received(length));
            assertEquals("length outside 0 to 2: " + length, refused.getMessage());
        }
        inbound.received(0);
        inbound.received(2);
        var message = assertInstanceOf(Event.Binary.class, inbound.next(ByteBuffer.allocate(0)));
        assertEquals(ByteBuffer.wrap(bytes("010203")), message.data());
    }

    @Test
    void nothing_is_taken_where_there_was_no_room() {
        var inbound =
                new Inbound(Role.CLIENT, LIMITS, Deflated.extensions(Deflated.TAKEOVER), DeflateOptions.defaults());
        inbound.next(ByteBuffer.wrap(bytes("0203 010203 8902 01")));
        assertThrows(IllegalStateException.class, () -> inbound.received(1), "a Ping is arriving");
        inbound.next(ByteBuffer.wrap(bytes("02")));
        assertThrows(IllegalStateException.class, () -> inbound.received(1), "no frame is arriving");
        inbound.nextPart(ByteBuffer.wrap(bytes("8003 01")));
        assertThrows(IllegalStateException.class, () -> inbound.received(1), "it is received in parts");
        inbound.nextPart(ByteBuffer.wrap(bytes("0203")));
        inbound.next(ByteBuffer.wrap(bytes("c203 01")));
        assertThrows(IllegalStateException.class, () -> inbound.received(1), "it is compressed");
    }

    @Test
    void an_idle_connection_holds_no_payload() {
        var inbound = new Inbound(Role.CLIENT, LIMITS);
        assertEquals(0, Held.bytes(inbound));
        var message = pattern(10_000);
        for (var frame : new byte[][] {
            frame(0x81, new byte[10_000]), frame(0x02, message), frame(0x80, message), frame(0x89, new byte[16])
        }) {
            inbound.next(ByteBuffer.wrap(frame, 0, 5));
            inbound.next(ByteBuffer.wrap(frame, 5, frame.length - 5));
        }
        assertFalse(inbound.inMessage());
        assertTrue(Held.bytes(inbound) <= 16, "the payload of the ping at most");

        var outbound = new Outbound(Role.CLIENT, () -> 1);
        var header = Held.bytes(outbound);
        outbound.binary(ByteBuffer.wrap(message));
        assertTrue(outbound.encode(ByteBuffer.allocate(20_000)));
        outbound.text("x".repeat(1000));
        assertTrue(outbound.encode(ByteBuffer.allocate(20_000)));
        assertEquals(header, Held.bytes(outbound));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"8800", "8300"})
    void the_end_lets_go_of_what_was_received(String end) {
        var inbound = new Inbound(Role.CLIENT, LIMITS);
        inbound.next(ByteBuffer.wrap(frame(0x02, pattern(1000))));
        inbound.next(ByteBuffer.wrap(bytes(end)));
        assertTrue(inbound.isClosed());
        assertEquals(0, Held.bytes(inbound));
    }

    @ParameterizedTest(name = "by {0} bytes")
    @ValueSource(ints = {100, 1000, 4096, 5000, 33_333})
    void a_large_message_arrives_whole_whatever_the_pieces(int piece) {
        var message = pattern(100_000);
        var frames = new ArrayList<byte[]>();
        frames.add(frame(0x02, Arrays.copyOf(message, 40_000)));
        frames.add(frame(0x00, Arrays.copyOfRange(message, 40_000, 40_001)));
        frames.add(frame(0x80, Arrays.copyOfRange(message, 40_001, 100_000)));
        var wire = Wire.concat(frames);
        var inbound = new Inbound(Role.CLIENT, LIMITS);
        Event event = null;
        for (var from = 0; from < wire.length; from += piece) {
            assertNull(event);
            event = inbound.next(ByteBuffer.wrap(Arrays.copyOfRange(wire, from, Math.min(wire.length, from + piece))));
        }
        var data = assertInstanceOf(Event.Binary.class, event).data();
        assertEquals(hex(message), hex(data));
        assertEquals(message.length, data.capacity());
    }
}
