package io.github.postern.verify.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The suite and PROTOCOL.md say the same. */
class PageTest {
    private static final Path PAGE = Path.of("..", "ws-sse-fallback", "PROTOCOL.md");
    private static final Pattern WORD = Pattern.compile("\\bMUST\\b");

    /** Sentences that bind a client, whose test is another, or that a server cannot be seen to break. */
    private static final List<String> NOT_FOR_SERVERS = List.of(
            "MUST, MUST NOT, SHOULD and MAY are those of RFC 2119.",
            "(in the epoch of a WebSocket a client MUST NOT send one with messages)",
            "A client MUST raise the epoch for each SSE response",
            "it MUST NOT attach again.",
            "A receiver MUST drop a message whose number is not above its position, and MUST treat a number above position + 1 as a broken attachment",
            "A client MUST have at most one POST with messages under way per session",
            "any other, and every client that resumes, MUST wait for `attached`.",
            "a client that opens sessions anew by itself MUST NOT do so.",
            "the client MUST tell its application that the old was lost.",
            "MUST give the attachment up and attach again.",
            "without, it MUST NOT try again with the same.",
            "While an attach is not answered the client MUST NOT acknowledge above the position that it told there",
            "A client that resumes MUST NOT.",
            "it MUST close the one whose answer came later");

    private static String page() throws IOException {
        return normal(Files.readString(PAGE));
    }

    private static String normal(String text) {
        return text.replaceAll("\\s+", " ");
    }

    private static Map<Integer, String> sections() throws IOException {
        return Arrays.stream(Files.readString(PAGE).split("(?m)^## (?=[0-9]+\\. )"))
                .skip(1)
                .collect(Collectors.toMap(
                        text -> Integer.parseInt(text.substring(0, text.indexOf('.'))), PageTest::normal));
    }

    @Test
    void a_case_cites_a_sentence_that_stands_on_the_page() throws Exception {
        var page = page();
        for (var one :
                Stream.concat(Suite.all().stream(), Suite.limited().stream()).toList()) {
            assertTrue(
                    page.contains(normal(one.rule())),
                    () -> one.id() + " cites what does not stand there: " + one.rule());
        }
    }

    @Test
    void every_section_for_servers_has_cases() throws Exception {
        for (int section : sections().keySet()) {
            boolean hasCases = Suite.all().stream().anyMatch(one -> one.section() == section);
            assertEquals(section <= 13, hasCases, () -> "section " + section);
        }
    }

    @Test
    void every_must_is_cited_by_a_case_or_binds_somebody_else() throws Exception {
        var page = page();
        var covered = new boolean[page.length()];
        Suite.all().forEach(one -> cover(page, normal(one.rule()), covered));
        for (var other : NOT_FOR_SERVERS) {
            assertTrue(page.contains(normal(other)), () -> "not on the page: " + other);
            cover(page, normal(other), covered);
        }
        for (var match = WORD.matcher(page); match.find(); ) {
            int at = match.start();
            assertTrue(
                    covered[at],
                    () -> "no case for: …" + page.substring(Math.max(0, at - 80), Math.min(page.length(), at + 80)));
        }
    }

    private static void cover(String page, String words, boolean[] covered) {
        for (int at = page.indexOf(words); at >= 0; at = page.indexOf(words, at + 1)) {
            Arrays.fill(covered, at, at + words.length(), true);
        }
    }

    @Test
    void ids_are_unique() {
        var ids = Suite.all().stream().map(Case::id).toList();
        assertEquals(ids.size(), new HashSet<>(ids).size());
    }
}
