package io.github.postern.ws.core.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Strings that are said again and again. */
class RecentStringsTest {
    private final RecentStrings recent = new RecentStrings();

    @ParameterizedTest(name = "{0} characters: {1}")
    @CsvSource({"0, true", "1, true", "511, true", "512, true", "513, false"})
    void an_equal_string_is_the_same_object_up_to_512_characters(int length, boolean same) {
        assertEquals(same, isKept("a".repeat(length)));
    }

    private boolean isKept(String text) {
        var first = recent.of(String.valueOf(text.toCharArray()));
        var second = recent.of(String.valueOf(text.toCharArray()));
        assertEquals(text, second);
        return first == second;
    }

    @Test
    void a_newer_string_takes_the_place_of_an_older_one() {
        assertTrue(isKept("Aa"));
        assertTrue(isKept("BB"), "of the same hash");
        assertEquals("Aa", recent.of("Aa"));
        assertTrue(isKept("Aa"));
    }

    @Test
    void however_many_are_given_no_more_are_kept_than_there_are_slots() {
        int given = 100 * RecentStrings.SLOTS;
        var first = IntStream.range(0, given)
                .mapToObj(Integer::toString)
                .map(recent::of)
                .toList();
        var kept = first.stream()
                .filter(text -> recent.of(String.valueOf(text.toCharArray())) == text)
                .count();
        assertTrue(kept <= RecentStrings.SLOTS, kept + " were kept");
    }
}
