package io.github.postern.ws.core.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 9110 §5.5 and §5.6. */
class TokensTest {
    @Test
    void token_characters_are_those_of_rfc_9110() {
        String all = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        for (int c = 0; c < 0x400; c++) {
            assertEquals(all.indexOf(c) >= 0, Tokens.isTokenChar(c), Integer.toHexString(c));
        }
        assertTrue(Tokens.isToken(all));
        assertFalse(Tokens.isToken(""));
        assertFalse(Tokens.isToken("a b"));
    }

    @Test
    void field_characters_are_tab_and_everything_printable_in_one_byte() {
        for (int c = 0; c < 0x400; c++) {
            boolean expected = c == '\t' || c >= 0x20 && c < 0x7F || c >= 0x80 && c <= 0xFF;
            assertEquals(expected, Tokens.isFieldChar(c), Integer.toHexString(c));
        }
    }

    @Test
    void several_fields_are_one_list_and_empty_elements_are_ignored() {
        assertEquals(List.of("a", "b c", "d", "e"), Tokens.elements(List.of("a ,\tb c", "", ",,d, ", "e,")));
        assertEquals(List.of(), Tokens.elements(List.of()));
        assertEquals(List.of(), Tokens.elements(List.of(",".repeat(8192))));
    }

    @Test
    void text_for_the_log_is_short_printable_ascii() {
        assertEquals("a?b???", Tokens.printable("a\nb\u001b\u007f\u00e9"));
        assertEquals("x".repeat(64), Tokens.printable("x".repeat(64)));
        assertEquals("x".repeat(64) + "...", Tokens.printable("x".repeat(65)));
    }

    @Test
    void unique_tokens_are_required() {
        assertEquals(List.of("a", "A"), Tokens.requireUnique("subprotocol", List.of("a", "A")));
        var twice = assertThrows(
                IllegalArgumentException.class, () -> Tokens.requireUnique("subprotocol", List.of("a", "b", "a")));
        assertEquals("subprotocol occurs twice: a", twice.getMessage());
        var bad = assertThrows(
                IllegalArgumentException.class, () -> Tokens.requireUnique("subprotocol", List.of("a,b\n")));
        assertEquals("subprotocol is not a token: a,b?", bad.getMessage());
    }
}
