package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.frame;
import static io.github.postern.ws.core.Wire.hex;
import static io.github.postern.ws.core.Wire.pattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §5.2, §5.3 and §5.5: what a frame may be by itself. */
class FrameDecoderTest {
    private static final Limits LARGE = Limits.defaults().withMaxFrameSize(Long.MAX_VALUE);

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 124, 125, 126, 127, 128, 65534, 65535, 65536, 65537})
    void reads_every_form_of_the_length(int size) {
        Received.frames(frame(0x82, pattern(size))).gives("binary " + hex(pattern(size)));
    }

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF})
    void rejects_reserved_opcodes_before_the_length_is_trusted(int opcode) {
        var huge = "%02x 7f 7fffffffffffffff".formatted(0x80 | opcode);
        Received.frames(huge).gives("failed 1002 reserved opcode: 0x" + Integer.toHexString(opcode));
    }

    @ParameterizedTest(name = "bits {0}")
    @ValueSource(ints = {0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70})
    void rejects_reserved_bits(int bits) {
        for (var opcode : new int[] {0x1, 0x2, 0x8, 0x9, 0xA}) {
            Received.frames(frame(0x80 | bits | opcode, new byte[0]))
                    .gives("failed 1002 reserved bit set without an extension: 0x" + Integer.toHexString(bits));
        }
    }

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {0x8, 0x9, 0xA})
    void rejects_fragmented_control_frames(int opcode) {
        Received.frames(frame(opcode, new byte[0]))
                .gives("failed 1002 fragmented control frame: 0x" + Integer.toHexString(opcode));
    }

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {0x8, 0x9, 0xA})
    void rejects_control_frames_longer_than_125_bytes(int opcode) {
        Received.frames(frame(0x80 | opcode, pattern(126))).gives("failed 1002 control frame longer than 125 bytes");
        Received.frames("%02x 7f 7fffffffffffffff".formatted(0x80 | opcode))
                .gives("failed 1002 control frame longer than 125 bytes");
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, 15, 16, 17, 124, 125})
    void accepts_control_frames_of_up_to_125_bytes(int size) {
        Received.frames(frame(0x89, pattern(size)), frame(0x8A, pattern(size)))
                .gives("ping " + hex(pattern(size)), "pong " + hex(pattern(size)));
    }

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {0x1, 0x2, 0x8, 0x9, 0xA})
    void server_rejects_any_unmasked_frame(int opcode) {
        Received.gives(
                Role.SERVER,
                Limits.defaults(),
                frame(0x80 | opcode, new byte[4]),
                "failed 1002 unmasked frame from a client");
    }

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {0x1, 0x2, 0x8, 0x9, 0xA})
    void client_rejects_any_masked_frame(int opcode) {
        Received.gives(
                Role.CLIENT,
                Limits.defaults(),
                Wire.masked(frame(0x80 | opcode, new byte[4]), Wire.KEY),
                "failed 1002 masked frame from a server");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "827e0000, 0",
        "827e0001, 1",
        "827e007d, 125",
        "827f0000000000000000, 0",
        "827f000000000000007d, 125",
        "827f000000000000007e, 126",
        "827f000000000000ffff, 65535"
    })
    void rejects_lengths_not_in_their_shortest_form(String header, String length) {
        Received.frames(header).gives("failed 1002 length not in its shortest form: " + length);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"8000000000000000", "8000000000000001", "ffffffffffffffff"})
    void rejects_lengths_with_the_highest_bit_set(String length) {
        Received.frames("827f" + length).gives("failed 1002 length with its highest bit set: 0x" + length);
    }

    @Test
    void the_longest_length_that_can_be_written_is_too_big_and_not_malformed() {
        Received.frames("827f 7fffffffffffffff")
                .within(LARGE)
                .gives("failed 1009 message longer than 1048576 bytes: 9223372036854775807");
    }

    @Test
    void reads_several_frames_in_one_piece() {
        Received.frames("8101 61", "8901 01", "8201 02", "8a00", "8100")
                .gives("text a", "ping 01", "binary 02", "pong ", "text ");
    }

    @Test
    void an_incomplete_frame_gives_nothing() {
        Received.frames("81").gives();
        Received.frames("8105 48656c6c").gives();
        Received.frames("827e 01").gives();
        Received.frames("827f 00000000").gives();
        Received.frames("8902 01").gives();
    }

    @Test
    void the_key_of_each_frame_is_its_own() {
        var bytes = Wire.bytes("8281 00000000 01  8281 ff000000 fe  8282 0102ffff 0100");
        Received.gives(Role.SERVER, Limits.defaults(), bytes, "binary 01", "binary 01", "binary 0002");
    }

    @Test
    void tells_what_it_has_read() {
        var decoder = new FrameDecoder(Role.CLIENT, false);
        assertTrue(decoder.isBetweenFrames());
        assertFalse(decoder.readHeader(ByteBuffer.wrap(Wire.bytes("02"))));
        assertFalse(decoder.isBetweenFrames());
        assertFalse(decoder.isOpen());
        var input = ByteBuffer.wrap(Wire.bytes("03 0a0b"));
        assertTrue(decoder.readHeader(input));
        assertTrue(decoder.isOpen());
        assertFalse(decoder.fin());
        assertFalse(decoder.isControl());
        assertEquals(Opcode.BINARY, decoder.opcode());
        assertEquals(3, decoder.remaining());
        assertEquals(2, decoder.available(input));
        assertFalse(decoder.isWholeIn(input));
        decoder.readInPlace(input, 2);
        assertEquals(1, decoder.remaining());
        assertTrue(decoder.isWholeIn(ByteBuffer.allocate(1)));
        decoder.end();
        assertTrue(decoder.isBetweenFrames());
    }

    @Test
    void a_payload_that_was_read_whole_is_no_more_to_come() {
        for (var input : new ByteBuffer[] {ByteBuffer.allocate(5), ByteBuffer.allocateDirect(5)}) {
            input.put(Wire.bytes("8203 0a0b0c")).flip();
            var decoder = new FrameDecoder(Role.CLIENT, false);
            assertTrue(decoder.readHeader(input));
            assertEquals("0a0b0c", hex(decoder.readWhole(input)));
            assertEquals(0, decoder.remaining());
            assertTrue(decoder.isLastAndRead());
        }
    }

    @Test
    void fails_with_the_first_byte_that_breaks_a_rule() {
        assertFailsAfter("83");
        assertFailsAfter("c1");
        assertFailsAfter("09");
        assertFailsAfter("81 80");
        assertFailsAfter("89 7e");
        assertFailsAfter("81 7e 00 7d");
        assertFailsAfter("81 7f 80 00 00 00 00 00 00 00");
    }

    private static void assertFailsAfter(String header) {
        var bytes = Wire.bytes(header);
        var inbound = new Inbound(Role.CLIENT, Limits.defaults());
        for (var i = 0; i < bytes.length - 1; i++) {
            assertNull(inbound.next(ByteBuffer.wrap(new byte[] {bytes[i]})), header);
        }
        var event = inbound.next(ByteBuffer.wrap(new byte[] {bytes[bytes.length - 1]}));
        assertEquals(Event.Failed.class, event == null ? null : event.getClass(), header);
    }
}
