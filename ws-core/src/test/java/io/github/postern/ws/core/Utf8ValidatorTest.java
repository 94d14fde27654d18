package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.bytes;
import static io.github.postern.ws.core.Wire.hex;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 3629, as RFC 6455 §8.1 demands it, checked against the decoder of the JDK. */
class Utf8ValidatorTest {
    /** Both ends of every range of bytes that RFC 3629 §4 tells apart. */
    private static final int[] EDGES = {
        0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
        0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
    };

    @Test
    void agrees_with_the_jdk_on_all_sequences_of_edges_up_to_four_bytes() {
        var sequences = 1;
        for (var length = 1; length <= 4; length++) {
            sequences *= EDGES.length;
            var sequence = new byte[length];
            for (var n = 0; n < sequences; n++) {
                for (int i = 0, rest = n; i < length; i++, rest /= EDGES.length) {
                    sequence[i] = (byte) EDGES[rest % EDGES.length];
                }
                assertEquals(isText(sequence), isValid(sequence), () -> hex(sequence));
            }
        }
    }

    @Test
    void fails_at_the_first_byte_after_which_no_text_is_possible() {
        for (var first : EDGES) {
            for (var second : EDGES) {
                for (var third : EDGES) {
                    var sequence = new byte[] {(byte) first, (byte) second, (byte) third};
                    for (var length = 1; length <= 3; length++) {
                        var prefix = Arrays.copyOf(sequence, length);
                        assertEquals(isBeginningOfText(prefix), accepts(prefix), () -> hex(prefix));
                    }
                }
            }
        }
    }

    // After Markus Kuhn's stress test.
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "U+0000, 00",
        "U+007F, 7f",
        "U+0080, c280",
        "U+07FF, dfbf",
        "U+0800, e0a080",
        "U+D7FF, ed9fbf",
        "U+E000, ee8080",
        "U+FFFD, efbfbd",
        "U+FFFE, efbfbe",
        "U+FFFF, efbfbf",
        "U+10000, f0908080",
        "U+10FFFF, f48fbfbf",
        "a Greek word, cebae1bdb9cf83cebcceb5",
        "a byte order mark, efbbbf"
    })
    void accepts(String what, String hex) {
        assertTrue(isValid(bytes(hex)), what);
        assertTrue(isText(bytes(hex)), what);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "beyond U+10FFFF, f4908080",
        "five bytes, f888808080",
        "six bytes, fc8480808080",
        "a continuation byte, 80",
        "the last continuation byte, bf",
        "continuation bytes, 80bf80bf80bf",
        "first bytes of two without a second, c020df20",
        "first bytes of three without a second, e020ef20",
        "first bytes of four without a second, f020f420",
        "two without the last, df",
        "three without the last, efbf",
        "four without the last, f48fbf",
        "incomplete ones one after the other, c3e0a0f09080",
        "fe, fe",
        "ff, ff",
        "fefeffff, fefeffff",
        "overlong slash of two, c0af",
        "overlong slash of three, e080af",
        "overlong slash of four, f08080af",
        "overlong slash of five, f8808080af",
        "longest overlong of two, c1bf",
        "longest overlong of three, e09fbf",
        "longest overlong of four, f08fbfbf",
        "overlong zero of two, c080",
        "overlong zero of three, e08080",
        "overlong zero of four, f0808080",
        "U+D800, eda080",
        "U+DB7F, edadbf",
        "U+DB80, edae80",
        "U+DBFF, edafbf",
        "U+DC00, edb080",
        "U+DFFF, edbfbf",
        "a pair of surrogates, eda080edb080",
        "another pair, edafbfedbfbf"
    })
    void rejects(String what, String hex) {
        assertFalse(isValid(bytes(hex)), what);
        assertFalse(isText(bytes(hex)), what);
        // The same within a text long enough for every fast path, at every distance from a word's beginning.
        for (var before = 0; before < 40; before++) {
            var text = Wire.concat(List.of(new byte[before], bytes(hex), new byte[40]));
            assertFalse(isValid(text), what);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agrees_with_the_jdk_on_random_texts_with_and_without_damage(long seed) {
        var random = new Random(seed);
        for (var n = 0; n < 500; n++) {
            var bytes = Texts.random(random, random.nextInt(200)).getBytes(UTF_8);
            assertTrue(isValid(bytes), () -> hex(bytes));
            for (var i = random.nextInt(3); i > 0 && bytes.length > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertEquals(isText(bytes), isValid(bytes), () -> hex(bytes));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void the_verdict_does_not_depend_on_where_a_text_is_cut(long seed) {
        var random = new Random(seed);
        for (var n = 0; n < 200; n++) {
            var bytes = Texts.random(random, 40).getBytes(UTF_8);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            var expected = isValid(bytes);
            for (var cut = 0; cut <= bytes.length; cut++) {
                var validator = new Utf8Validator();
                var accepted = validator.accept(bytes, 0, cut) && validator.accept(bytes, cut, bytes.length - cut);
                assertEquals(expected, accepted && validator.isComplete(), () -> hex(bytes));
            }
        }
    }

    @Test
    void looks_at_no_byte_outside_the_piece() {
        var bytes = bytes("ff 61c3bc ff");
        assertTrue(new Utf8Validator().accept(bytes, 1, 3));
        assertTrue(new Utf8Validator().accept(bytes, 1, 2));
        assertTrue(new Utf8Validator().accept(bytes, 5, 0));
        var ascii = new byte[100];
        ascii[99] = (byte) 0xFF;
        assertTrue(new Utf8Validator().accept(ascii, 1, 98));
    }

    private static boolean accepts(byte[] bytes) {
        return new Utf8Validator().accept(bytes, 0, bytes.length);
    }

    private static boolean isValid(byte[] bytes) {
        var validator = new Utf8Validator();
        return validator.accept(bytes, 0, bytes.length) && validator.isComplete();
    }

    /** What the JDK says. */
    private static boolean isText(byte[] bytes) {
        return !UTF_8.newDecoder()
                .decode(ByteBuffer.wrap(bytes), CharBuffer.allocate(bytes.length), true)
                .isError();
    }

    /** Whether it is text with up to three bytes more, taking the JDK's word for it. */
    private static boolean isBeginningOfText(byte[] bytes) {
        if (isText(bytes)) {
            return true;
        }
        for (var next : new int[] {0x80, 0x90, 0xA0}) {
            var second = new byte[] {(byte) next};
            for (var more : new byte[][] {{}, {(byte) 0x80}, {(byte) 0x80, (byte) 0x80}}) {
                if (isText(Wire.concat(List.of(bytes, second, more)))) {
                    return true;
                }
            }
        }
        return false;
    }
}
