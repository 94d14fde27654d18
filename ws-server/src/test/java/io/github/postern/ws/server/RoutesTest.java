package io.github.postern.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
    private static Routes routes(String... templates) {
        return new Routes(Stream.of(templates)
                .map(template -> Route.of(PathTemplate.parse(template), ws -> {}, List.of()))
                .toList());
    }

    /** The template that a path leads to with what it matched, or "nothing". */
    private static String found(Routes routes, String path) {
        var match = routes.find(path);
        return match == null ? "nothing" : match.route().template().text() + new TreeMap<>(match.parameters());
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/ | /{}",
                "/chat | /chat{}",
                "/chat/lobby | /chat/{room}{room=lobby}",
                "/chat/ | nothing",
                "/chat/lobby/ | nothing",
                "/chat/all | /chat/all{}",
                "/chat/a b=c&d | /chat/{room}{room=a b=c&d}",
                "/chat/{room} | /chat/{room}{room={room}}",
                "/chat/lobby/of/ann | /chat/{room}/of/{user}{room=lobby, user=ann}",
                "/chat/all/of/ann | /chat/{room}/of/{user}{room=all, user=ann}",
                "/chat/lobby/of | nothing",
                "/chat/lobby/of/ | nothing",
                "/chat//of/ann | nothing",
                "/files/x/ | /files/{name}/{name=x}",
                "/files/x | nothing",
                "/a/b/d | /{y}/b/d{y=a}",
                "/a/b/c | /a/{x}/c{x=b}",
                "/CHAT | nothing",
            })
    void a_path_leads_to_the_most_specific_template(String path, String expected) {
        var routes = routes(
                "/",
                "/chat",
                "/chat/{room}",
                "/chat/all",
                "/chat/{room}/of/{user}",
                "/files/{name}/",
                "/a/{x}/c",
                "/{y}/b/d");
        assertEquals(expected, found(routes, path));
    }

    @Test
    void a_target_without_a_path_leads_nowhere() {
        assertNull(routes("/", "/{x}").find(""));
    }

    @Test
    void parameters_are_unmodifiable() {
        var match = routes("/{x}").find("/a");
        assertNotNull(match);
        assertThrows(
                UnsupportedOperationException.class, () -> match.parameters().put("y", "b"));
        assertEquals(Map.of("x", "a"), match.parameters());
    }

    /** Each node of the tree is visited once at most; a search that tried every combination would visit 2^25. */
    @Test
    @Timeout(10)
    void a_path_that_nearly_matches_many_templates_is_refused_quickly() {
        var templates = new ArrayList<String>();
        for (int literal = 0; literal < 25; literal++) {
            var template = new StringBuilder();
            for (int i = 0; i < 25; i++) {
                template.append(i == literal ? "/a" : "/{p" + i + "}");
            }
            templates.add(template + "/end");
        }
        var routes = routes(templates.toArray(String[]::new));
        var path = "/a".repeat(25);
        for (int i = 0; i < 10_000; i++) {
            assertNull(routes.find(path + "/other"));
        }
        assertNotNull(routes.find(path + "/end"));
    }
}
