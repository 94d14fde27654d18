package io.github.postern.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestFieldsTest {
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "a=b | {a=b}",
                "a=b; c=d | {a=b, c=d}",
                "a=b;c=d; | {a=b, c=d}",
                "a=b=c | {a=b=c}",
                "a= | {a=}",
                "a=\"b\" | {a=\"b\"}",
                "a=1; a=2 | {a=1}",
                "A=1; a=2 | {A=1, a=2}",
                "a | {}",
                "=b; ; c=d | {c=d}",
                "a=%20+ | {a=%20+}",
            })
    void cookies_are_read_as_written(String field, String expected) {
        assertEquals(expected, RequestFields.cookies(List.of(field)).toString());
    }

    @Test
    void several_cookie_fields_are_one_list() {
        assertEquals(
                "{a=1, b=2}", RequestFields.cookies(List.of("a=1", "b=2; a=3")).toString());
        assertEquals("{}", RequestFields.cookies(List.of()).toString());
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a=b | {a=[b]}",
                "a=b&c=d&a=e | {a=[b, e], c=[d]}",
                "a | {a=[]}",
                "a=b=c | {a=[b=c]}",
                "=b | {=[b]}",
                "&&a=b& | {a=[b]}",
                "a+b=c+d | {a b=[c d]}",
                "a=%2B%26%3d | {a=[+&=]}",
                "%C3%A9=%e2%82%ac | {\u00e9=[\u20ac]}",
                "a=%FF | {a=[\ufffd]}",
                "a=% | {a=[%]}",
                "a=%4 | {a=[%4]}",
                "a=%4g | {a=[%4g]}",
                "a=%2541 | {a=[%41]}",
            })
    void a_query_is_read_as_browsers_read_it(String query, String expected) {
        assertEquals(expected, RequestFields.query(query).toString());
    }

    @Test
    void what_was_read_is_unmodifiable() {
        assertThrows(
                UnsupportedOperationException.class,
                () -> RequestFields.query("a=b").clear());
        assertThrows(
                UnsupportedOperationException.class,
                () -> RequestFields.query("a=b").values().iterator().next().clear());
        assertThrows(
                UnsupportedOperationException.class,
                () -> RequestFields.cookies(List.of("a=b")).clear());
    }

    @Test
    void an_empty_query_has_no_parameters() {
        assertEquals("{}", RequestFields.query("").toString());
    }
}
