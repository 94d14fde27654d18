package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.bytes;
import static io.github.postern.ws.core.Wire.hex;
import static io.github.postern.ws.core.Wire.pattern;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §5.3. */
class MaskTest {
    private static final int KEY = 0x81f203c4;
    private static final int GUARD = 5;

    @Test
    void masks_as_the_rfc_says() {
        var payload = bytes("48656c6c6f");
        Mask.apply(payload, 0, payload.length, Wire.KEY);
        assertEquals("7f9f4d5158", hex(payload));
    }

    @Test
    void undoes_itself() {
        var payload = pattern(1001);
        Mask.apply(payload, 0, payload.length, KEY);
        Mask.apply(payload, 0, payload.length, KEY);
        assertArrayEquals(pattern(1001), payload);
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 23, 24, 25, 31, 32, 33, 63, 64, 65, 1000, 4099})
    void masks_any_length_at_any_offset_and_nothing_else(int length) {
        for (var from = 0; from < 9; from++) {
            var expected = pattern(from + length + GUARD);
            for (var i = 0; i < length; i++) {
                expected[from + i] ^= (byte) (KEY >>> 8 * (3 - i % 4));
            }
            var array = pattern(expected.length);
            Mask.apply(array, from, length, KEY);
            assertArrayEquals(expected, array);

            var slice = ByteBuffer.wrap(pattern(expected.length + 3)).slice(3, expected.length);
            slice.put(0, pattern(expected.length));
            Mask.apply(slice, from, length, KEY);
            assertEquals(ByteBuffer.wrap(expected), slice);

            var direct = ByteBuffer.allocateDirect(expected.length).put(0, pattern(expected.length));
            Mask.apply(direct, from, length, KEY);
            assertEquals(ByteBuffer.wrap(expected), direct);
        }
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 23, 24, 25, 31, 32, 33, 63, 64, 65, 1000, 4099})
    void masks_a_copy_and_leaves_the_source_as_it_is(int length) {
        for (var to = 0; to < 9; to++) {
            var expected = new byte[to + length + GUARD];
            System.arraycopy(pattern(3 + length), 3, expected, to, length);
            Mask.apply(expected, to, length, KEY);

            var source = pattern(3 + length + GUARD);
            var target = new byte[expected.length];
            Mask.copy(source, 3, target, to, length, KEY);
            assertArrayEquals(expected, target);
            assertArrayEquals(pattern(source.length), source);
        }
    }

    @ParameterizedTest(name = "cut at {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 42})
    void a_payload_in_pieces_is_masked_with_the_rotated_key(int cut) {
        var whole = pattern(50);
        Mask.apply(whole, 0, 50, KEY);
        var pieces = pattern(50);
        Mask.apply(pieces, 0, cut, KEY);
        Mask.apply(pieces, cut, 50 - cut, Mask.rotate(KEY, cut));
        assertArrayEquals(whole, pieces);
    }
}
