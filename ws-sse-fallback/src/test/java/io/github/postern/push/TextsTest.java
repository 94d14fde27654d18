package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "é", "\u07FF\u0800", "\uFFFF", "😀", "a😀b我é"})
    void counts_the_bytes_of_utf_8(String text) {
        assertEquals(text.getBytes(StandardCharsets.UTF_8).length, Texts.utf8Length(text));
    }

    @ParameterizedTest
    @ValueSource(ints = {0xD83D, 0xDE00})
    void refuses_an_unpaired_surrogate_and_says_where(int surrogate) {
        var text = "ab" + (char) surrogate;
        var e = assertThrows(IllegalArgumentException.class, () -> Texts.utf8Length(text));
        assertEquals("unpaired surrogate at index 2", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Texts.utf8Length(text + "c"));
    }

    @Test
    void decodes_strictly() {
        assertNull(Texts.decode(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, 0, 3), "a surrogate");
        assertNull(Texts.decode(new byte[] {(byte) 0xC0, (byte) 0x80}, 0, 2), "overlong");
        assertEquals("é", Texts.decode(new byte[] {'x', (byte) 0xC3, (byte) 0xA9, 'x'}, 1, 2));
    }
}
