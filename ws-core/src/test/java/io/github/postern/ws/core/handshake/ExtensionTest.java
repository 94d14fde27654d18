package io.github.postern.ws.core.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §9.1 (and §4.3): the Sec-WebSocket-Extensions field. */
class ExtensionTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "foo | foo",
                "foo, bar; baz=2 | foo, bar; baz=2",
                "bar;baz | bar; baz",
                "deflate-stream | deflate-stream",
                "mux; max-channels=4; flow-control, deflate-stream | mux; max-channels=4; flow-control, deflate-stream",
                "private-extension | private-extension",
                "a;b;b=1;b=2 | a; b; b=1; b=2",
                "\ta ;\tb = 1 , \tc\t | a; b=1, c",
                ",, a,,b , | a, b",
                "a; b=\"10\" | a; b=10",
                "a; b = \"1\\0\" ; c | a; b=10; c",
                "a; b=\"\\1\\0\",c | a; b=10, c",
                "permessage-deflate; client_max_window_bits, permessage-deflate | "
                        + "permessage-deflate; client_max_window_bits, permessage-deflate",
            })
    void well_formed_lists_are_read_and_written(String header, String normal) {
        List<Extension> extensions = Extension.parse(List.of(header)).orElseThrow();
        assertEquals(normal, ExtensionHeader.format(extensions));
        assertEquals(Optional.of(extensions), Extension.parse(List.of(normal)));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                " , ,\t",
                ";",
                "=",
                "a b",
                "a;",
                "a; ",
                "a;;b",
                "a; ,b",
                "a;=1",
                "a; b=",
                "a; b= ,c",
                "a; b=;c",
                "a; b==1",
                "a; b=1 2",
                "a; b=1\"2\"",
                "a; b=\"",
                "a; b=\"1",
                "a; b=\"1\\",
                "a; b=\"1\\\"",
                "a; b=\"\"",
                "a; b=\"1 2\"",
                "a; b=\"a,b\"",
                "a; b=\"a;b\"",
                "a; b=\"a\\\"b\"",
                "a; b=\"a\\\\b\"",
                "a; b=\"1\"2",
                "a; b=\"1\"\"2\"",
                "\"a\"",
                "a; \"b\"=1",
                "a=1",
                "a@b",
                "a; b=(c)",
                "a, b;",
                "\u00e9",
                "a; b=\u00e9",
                "a; b=\"\u00e9\"",
                "a\0",
                "a/b"
            })
    void malformed_lists_are_refused_whole(String header) {
        assertEquals(Optional.empty(), Extension.parse(List.of(header)));
        assertEquals(Optional.empty(), Extension.parse(List.of("fine", header + ";")));
    }

    @Test
    void several_headers_are_one_list() {
        assertEquals(Extension.parse(List.of("a; b=1, c, d")), Extension.parse(List.of("a; b=1", "c,", "", "d")));
        assertEquals(Optional.empty(), Extension.parse(List.of("a; b=", "1")));
        assertEquals(Optional.empty(), Extension.parse(List.of("", ",")));
    }

    @Test
    void no_header_means_no_extensions() {
        assertEquals(Optional.of(List.of()), Extension.parse(List.of()));
    }

    @Test
    void hostile_lengths_take_no_more_than_one_pass() {
        int length = 1 << 20;
        assertEquals(Optional.empty(), Extension.parse(List.of(",".repeat(length))));
        assertEquals(Optional.empty(), Extension.parse(List.of("a;b=\"" + "\\".repeat(length))));
        assertEquals(Optional.empty(), Extension.parse(List.of("a" + " ".repeat(length) + "b")));
        assertEquals(
                length / 2,
                Extension.parse(List.of("a,".repeat(length / 2))).orElseThrow().size());
        assertEquals(
                length / 2,
                Extension.parse(List.of("x" + ";a".repeat(length / 2)))
                        .orElseThrow()
                        .getFirst()
                        .parameters()
                        .size());
    }

    @Test
    void parts_are_values() {
        var extension = Extension.of("x", Extension.Parameter.of("a"), new Extension.Parameter("b", "1"));
        assertEquals("x; a; b=1", extension.toString());
        assertEquals(Optional.of(List.of(extension)), Extension.parse(List.of("x;a;b=1")));
        assertEquals("", extension.parameters().getFirst().value());
        assertThrows(
                UnsupportedOperationException.class,
                () -> extension.parameters().add(Extension.Parameter.of("c")));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {" ", "a b", "a;b", "a,b", "a\r\n", "a=b", "\"a\"", "\u00e9"})
    void what_is_not_a_token_is_the_callers_fault(String text) {
        assertThrows(IllegalArgumentException.class, () -> Extension.of(text));
        assertThrows(IllegalArgumentException.class, () -> Extension.Parameter.of(text));
        assertThrows(IllegalArgumentException.class, () -> new Extension.Parameter("a", text));
        assertThrows(IllegalArgumentException.class, () -> new Negotiated(text, List.of()));
    }

    @Test
    void an_empty_name_is_the_callers_fault() {
        assertThrows(IllegalArgumentException.class, () -> Extension.of(""));
        assertThrows(IllegalArgumentException.class, () -> Extension.Parameter.of(""));
    }
}
