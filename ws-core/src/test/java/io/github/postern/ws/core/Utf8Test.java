package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.bytes;
import static io.github.postern.ws.core.Wire.hex;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §8.1. */
class Utf8Test {
    @Test
    void decodes_a_part_of_an_array() {
        assertEquals("ü", Utf8.decode(bytes("ff c3bc ff"), 1, 2));
        assertEquals("", Utf8.decode(bytes("ff"), 1, 0));
    }

    @Test
    void tells_a_replacement_character_that_was_sent_from_one_that_replaces() {
        assertEquals("\uFFFD", Utf8.decode(bytes("efbfbd"), 0, 3));
        assertNull(Utf8.decode(bytes("ff"), 0, 1));
        assertNull(Utf8.decode(bytes("efbfbd ff"), 0, 4));
        assertNull(Utf8.decode(bytes("efbfbd c3"), 0, 4));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void encodes_and_decodes_any_text(long seed) {
        var random = new Random(seed);
        for (var n = 0; n < 500; n++) {
            var text = Texts.random(random, random.nextInt(100));
            var bytes = Utf8.encode(text);
            assertEquals(hex(text.getBytes(UTF_8)), hex(bytes));
            assertEquals(text, Utf8.decode(bytes, 0, bytes.length));
        }
    }

    @Test
    void encodes_question_marks_wherever_they_are() {
        for (var length = 0; length < 40; length++) {
            for (var at = 0; at < length; at++) {
                var text = "x".repeat(at) + '?' + "\u00BF\u00FF@>\u3F3F".repeat(at % 3) + "x".repeat(length - at - 1);
                assertArrayEquals(text.getBytes(UTF_8), Utf8.encode(text));
            }
        }
    }

    @ParameterizedTest(name = "{0} question marks")
    @ValueSource(ints = {7, 8, 9, 15, 16, 17, 254 * 8, 255 * 8 - 1, 255 * 8, 255 * 8 + 1, 256 * 8, 511 * 8 + 3})
    void finds_an_unpaired_surrogate_among_question_marks(int count) {
        var marks = "?".repeat(count);
        assertArrayEquals(marks.getBytes(UTF_8), Utf8.encode(marks));
        assertUnpairedAt(count, marks + '\ud800');
        assertUnpairedAt(0, "\udc00" + marks);
        assertUnpairedAt(count / 2, marks.substring(0, count / 2) + '\udbff' + marks.substring(count / 2));
        assertArrayEquals(("ü" + marks).getBytes(UTF_8), Utf8.encode("ü" + marks));
        assertUnpairedAt(count + 1, "ü" + marks + '\ud800');
    }

    @Test
    void finds_an_unpaired_surrogate_wherever_it_is() {
        for (var length = 1; length < 40; length++) {
            for (var at = 0; at < length; at++) {
                assertUnpairedAt(at, "x".repeat(at) + '\udfff' + "x".repeat(length - at - 1));
            }
        }
    }

    @ParameterizedTest(name = "index {0}")
    @CsvSource({
        "0, \\ud800",
        "0, \\udfff",
        "0, \\udc00\\ud800",
        "1, ?\\ud83d",
        "2, ??\\ud83d??",
        "9, 123456789\\udbff123456789",
        "1, ü\\ud83d?\\ud83d",
        "4, \\ud83d\\ude00\\ud83d\\ude00\\ude00",
        "0, \\ud83d\\ud83d\\ude00"
    })
    void names_the_index_of_an_unpaired_surrogate(int index, String escaped) {
        assertUnpairedAt(index, unescape(escaped));
    }

    private static void assertUnpairedAt(int index, String text) {
        var thrown = assertThrows(IllegalArgumentException.class, () -> Utf8.encode(text));
        assertEquals("unpaired surrogate at index " + index, thrown.getMessage());
    }

    @Test
    void counts_the_index_from_where_it_is_told() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> Utf8.encode("ab\ud800", -1));
        assertEquals("unpaired surrogate at index 1", thrown.getMessage());
    }

    /** CSV cannot hold unpaired surrogates. */
    private static String unescape(String escaped) {
        var text = new StringBuilder();
        for (var i = 0; i < escaped.length(); i++) {
            if (escaped.startsWith("\\u", i)) {
                text.append((char) Integer.parseInt(escaped, i + 2, i + 6, 16));
                i += 5;
            } else {
                text.append(escaped.charAt(i));
            }
        }
        return text.toString();
    }
}
