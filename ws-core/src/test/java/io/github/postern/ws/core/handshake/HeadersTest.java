package io.github.postern.ws.core.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §5. */
class HeadersTest {
    private static final Headers HEADERS = Headers.of("A", "1", "B", "2", "a", "3");

    @Test
    void names_are_found_in_any_case_and_values_keep_their_order() {
        assertEquals(Optional.of("1"), HEADERS.first("a"));
        assertEquals(List.of("1", "3"), HEADERS.all("A"));
        assertTrue(HEADERS.contains("b"));
        assertFalse(HEADERS.contains("c"));
        assertEquals(Optional.empty(), HEADERS.first("c"));
        assertEquals(List.of(), HEADERS.all("c"));
    }

    @Test
    void fields_are_visited_in_order() {
        var seen = new ArrayList<String>();
        HEADERS.forEach((name, value) -> seen.add(name + value));
        assertEquals(List.of("A1", "B2", "a3"), seen);
        assertEquals(new Headers.Header("B", "2"), HEADERS.entries().get(1));
    }

    @Test
    void adding_and_removing_make_new_headers() {
        assertEquals(Headers.of("A", "1", "B", "2", "a", "3", "C", "4"), HEADERS.with("C", "4"));
        assertEquals(Headers.of("B", "2"), HEADERS.without("a"));
        assertEquals(Headers.of("A", "1", "B", "2", "a", "3"), HEADERS);
    }

    @Test
    void a_builder_can_be_used_further() {
        var builder = Headers.builder().add("A", "1");
        Headers first = builder.build();
        assertEquals(Headers.of("A", "1", "A", "1"), builder.addAll(first).build());
        assertEquals(Headers.of("A", "1"), first);
    }

    @Test
    void several_fields_are_one_list_of_tokens() {
        var headers = Headers.of("Connection", "keep-alive, , Upgrade", "X", "y", "connection", "other");
        assertEquals(List.of("keep-alive", "Upgrade", "other"), headers.tokens("CONNECTION"));
        assertTrue(headers.containsToken("Connection", "upgrade"));
        assertTrue(headers.containsToken("Connection", "OTHER"));
        assertFalse(headers.containsToken("Connection", "Upgr"));
        assertFalse(headers.containsToken("Y", "y"));
    }

    @Test
    void equal_means_same_fields_in_any_case_of_the_name() {
        assertEquals(Headers.of("Host", "h"), Headers.of("hOST", "h"));
        assertEquals(Headers.of("Host", "h").hashCode(), Headers.of("hOST", "h").hashCode());
        assertNotEquals(Headers.of("Host", "h"), Headers.of("Host", "H"));
        assertNotEquals(Headers.of("Host", "h"), Headers.of("Hosts", "h"));
        assertNotEquals(HEADERS, Headers.of("B", "2", "A", "1", "a", "3"));
        assertNotEquals(new Object(), Headers.empty());
        assertFalse(Headers.empty().equals(new Object()));
        assertFalse(new Headers.Header("a", "b").equals(new Object()));
    }

    @Test
    void hash_codes_differ_with_the_name_and_with_the_value() {
        var hash = new Headers.Header("Host", "h").hashCode();
        assertEquals(hash, new Headers.Header("hOST", "h").hashCode());
        assertNotEquals(hash, new Headers.Header("Hosts", "h").hashCode());
        assertNotEquals(hash, new Headers.Header("Host", "H").hashCode());
        assertNotEquals(
                Headers.of("Host", "h").hashCode(), Headers.of("Host", "H").hashCode());
        assertNotEquals(
                HEADERS.hashCode(), Headers.of("B", "2", "A", "1", "a", "3").hashCode());
    }

    @Test
    void credentials_are_not_printed() {
        var headers = Headers.of("Cookie", "secret", "Authorization", "secret");
        assertEquals("[Cookie, Authorization]", headers.toString());
        assertEquals("Cookie", headers.entries().getFirst().toString());
    }

    @Test
    void white_space_around_a_value_is_removed() {
        assertEquals(Optional.of("a \t b"), Headers.of("X", " \ta \t b\t ").first("X"));
        assertEquals(Optional.of(""), Headers.of("X", " \t ").first("X"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", " ", "a b", "a:", "a\r\nb", "a\n", "a\0", "\u00e9", "a\t", "(a)"})
    void a_name_that_is_not_a_token_is_the_callers_fault(String name) {
        assertThrows(IllegalArgumentException.class, () -> Headers.of(name, "v"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "a\r\nb",
                "a\n",
                "\n",
                "\r",
                "\0",
                "a\0b",
                "\u001b",
                "\u007f",
                "\u0100",
                "\u010a",
                "\u2028",
                "\ud83d\ude00"
            })
    void nothing_that_could_break_the_head_can_be_a_value(String value) {
        assertThrows(IllegalArgumentException.class, () -> Headers.of("A", value));
        assertThrows(IllegalArgumentException.class, () -> Headers.empty().with("A", value));
        assertThrows(IllegalArgumentException.class, () -> Headers.builder().add("A", value));
        assertThrows(IllegalArgumentException.class, () -> new Headers.Header("A", value));
    }

    @Test
    void the_message_about_a_bad_value_does_not_repeat_it() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> Headers.of("Cookie", "secret\n"));
        assertEquals("value of header Cookie contains a forbidden character at 6: U+000A", thrown.getMessage());
    }

    @Test
    void a_name_without_a_value_is_the_callers_fault() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> Headers.of("A", "1", "B"));
        assertEquals("names and values do not pair up: 3", thrown.getMessage());
    }
}
