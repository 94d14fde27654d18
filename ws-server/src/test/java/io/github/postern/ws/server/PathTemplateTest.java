package io.github.postern.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {
    @Test
    void parameters_are_named_in_their_order() {
        assertEquals(
                List.of("room", "user_2"),
                PathTemplate.parse("/chat/{room}/of/{user_2}").parameters());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "chat",
                "{room}",
                "/{",
                "/}",
                "/{}",
                "/{room",
                "/room}",
                "/a{room}",
                "/{room}b",
                "/{a}{b}",
                "/{1}",
                "/{a b}",
                "/{*}",
                "/{a}/{a}",
                "/a*",
                "/a?b",
                "/a#b",
                "/%41",
                "/a\\b",
                "/.",
                "/..",
                "/a/../b",
                "/a\u0000",
                "/\u007f"
            })
    void a_malformed_template_is_named(String template) {
        var thrown = assertThrows(IllegalArgumentException.class, () -> PathTemplate.parse(template));
        assertTrue(String.valueOf(thrown.getMessage()).endsWith(": " + template), thrown::getMessage);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/a", "/a/", "//", "/a//b", "/...", "/caf\u00e9", "/{a}", "/{_}/", "/{a-b}/{b}", "/a b"})
    void a_plain_template_is_kept_as_it_is(String template) {
        assertEquals(template, PathTemplate.parse(template).text());
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "/a, /a, true",
        "/a, /A, false",
        "/{x}, /{y}, true",
        "/a/{x}, /a/{y}, true",
        "/a/{x}, /a/b, false",
        "/a/{x}, /a, false",
        "/a/{x}, /a/, false",
        "/a/{x}, /b/{x}, false",
        "/a/{x}, /{x}/b, true",
        "/a/{x}/c, /{x}/b/d, false",
        "/{x}/{y}, /a/{y}, false",
        "/{x}/{y}, /a/b, false",
    })
    void templates_are_ambiguous_if_a_path_matches_both_and_none_is_more_specific(
            String a, String b, boolean ambiguous) {
        assertEquals(ambiguous, PathTemplate.parse(a).isAmbiguousWith(PathTemplate.parse(b)));
        assertEquals(ambiguous, PathTemplate.parse(b).isAmbiguousWith(PathTemplate.parse(a)));
    }
}
