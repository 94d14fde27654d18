package io.github.postern.verify.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SuiteTest {
    private static final Pattern CASES = Pattern.compile("`((?:7692-)?[0-9][0-9.]*-[a-z0-9_*.-]+)`");

    private static List<? extends Case<?>> all() {
        return Stream.<Case<?>>concat(Suite.server().stream(), Suite.client().stream())
                .toList();
    }

    @Test
    void ids_are_unique_on_each_side() {
        for (var cases : List.of(Suite.server(), Suite.client())) {
            var ids = cases.stream().map(Case::id).toList();
            assertEquals(ids.size(), new HashSet<>(ids).size());
        }
    }

    @Test
    void a_rule_is_a_sentence() {
        var others = all().stream()
                .map(Case::rule)
                .filter(rule -> !rule.matches("(?s)[A-Z0-9].*[.]|.*: .*"))
                .toList();
        assertEquals(List.of(), others);
    }

    @Test
    void an_id_says_where_the_rule_stands() {
        var byId = Suite.server().stream()
                .filter(one -> one.id().equals("5.2-opcode-3"))
                .findFirst();
        assertEquals("RFC 6455 §5.2", byId.orElseThrow().section());
        var deflate = Suite.server().stream()
                .filter(one -> one.id().equals("7692-7.2.3.1-hello"))
                .findFirst();
        assertEquals("RFC 7692 §7.2.3.1", deflate.orElseThrow().section());
    }

    /** The document names groups by a star at the end. */
    @Test
    void the_document_names_every_case_and_no_other() throws IOException {
        var patterns = CASES.matcher(Files.readString(Expectation.DOCUMENT))
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
        assertTrue(patterns.size() > 50, () -> "only " + patterns);
        var unnamed = new TreeSet<String>();
        var unused = new TreeSet<>(patterns);
        for (var one : all()) {
            var naming = patterns.stream()
                    .filter(pattern -> names(pattern, one.id()))
                    .toList();
            unused.removeAll(naming);
            if (naming.isEmpty()) {
                unnamed.add(one.id());
            }
        }
        assertEquals(new TreeSet<String>(), unnamed, "cases that the document does not name");
        assertEquals(new TreeSet<String>(), unused, "names of no case");
    }

    private static boolean names(String pattern, String id) {
        return pattern.endsWith("*") ? id.startsWith(pattern.substring(0, pattern.length() - 1)) : id.equals(pattern);
    }
}
