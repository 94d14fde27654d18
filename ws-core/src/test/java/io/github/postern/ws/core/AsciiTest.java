package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.frame;
import static io.github.postern.ws.core.Wire.hex;
import static io.github.postern.ws.core.Wire.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts whose characters are their bytes. */
class AsciiTest {
    private static final int TEXT = FrameEncoder.FIN | Opcode.TEXT;

    @ParameterizedTest(name = "{0} characters")
    @ValueSource(ints = {0, 1, 31, 32, 4096, 4097, 5119, 5120, 5121, 10_000})
    void short_and_long_texts_are_known_to_be_ascii(int length) {
        assertTrue(Ascii.isKnown("\u007f".repeat(length)));
        assertTrue(Ascii.isKnown("\0".repeat(length)));
    }

    @ParameterizedTest(name = "{0} characters")
    @ValueSource(ints = {33, 34, 4094, 4095})
    void medium_texts_are_not_looked_at(int length) {
        assertFalse(Ascii.isKnown("a".repeat(length)));
    }

    @ParameterizedTest(name = "{0} characters")
    @ValueSource(ints = {1, 2, 31, 32, 4096, 4097, 5119, 5120, 5121})
    void one_other_character_wherever_it_is_makes_a_text_none(int length) {
        for (var at = 0; at < length; at++) {
            for (var other : new char[] {'\u0080', '\u00ff', '\u0100', '\u0141', '\ud800', '\udfff', '\uffff'}) {
                var text = "A".repeat(at) + other + "A".repeat(length - at - 1);
                assertFalse(
                        Ascii.isKnown(text),
                        () -> "%x at %d of %d".formatted((int) other, text.indexOf(other), length));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void is_written_like_its_bytes_whatever_room_there_is(Role role) {
        for (var length : new int[] {0, 1, 7, 8, 9, 125, 126, 1500, 65536}) {
            var text = "The quick brown fox. ".repeat(length / 21 + 1).substring(0, length);
            var frame = frame(TEXT, utf8(text));
            var wanted = hex(role == Role.CLIENT ? Wire.masked(frame, Wire.KEY) : frame);
            for (var room : new int[] {1, 3, 64, 4096, length + 14}) {
                assertEquals(wanted, written(role, text, ByteBuffer.allocate(room)));
                assertEquals(
                        wanted,
                        written(role, text, ByteBuffer.allocate(room + 5).slice(5, room)));
                assertEquals(wanted, written(role, text, ByteBuffer.allocateDirect(room)));
            }
        }
    }

    @Test
    void what_is_left_of_it_is_not_given_out_and_nothing_of_it_is_kept() {
        var encoder = new FrameEncoder(Role.SERVER, () -> 0);
        encoder.begin(TEXT, "hello");
        assertFalse(encoder.encode(ByteBuffer.allocate(3)));
        assertNull(encoder.takeRest());
        assertTrue(encoder.encode(ByteBuffer.allocate(4)));
        encoder.begin(TEXT, ByteBuffer.allocateDirect(1).put((byte) 'x').flip());
        var next = ByteBuffer.allocate(3);
        assertTrue(encoder.encode(next));
        assertEquals("810178", hex(next.flip()));
    }

    private static String written(Role role, String text, ByteBuffer target) {
        var encoder = new FrameEncoder(role, () -> Wire.KEY);
        encoder.begin(TEXT, text);
        var bytes = new ByteArrayOutputStream();
        boolean complete;
        do {
            complete = encoder.encode(target.clear());
            target.flip();
            while (target.hasRemaining()) {
                bytes.write(target.get());
            }
        } while (!complete);
        return hex(bytes.toByteArray());
    }
}
