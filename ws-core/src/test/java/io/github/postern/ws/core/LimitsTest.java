package io.github.postern.ws.core;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    @Test
    void defaults_are_a_mebibyte_and_1024_fragments_and_a_ratio_of_200() {
        assertEquals(new Limits(1048576, 1048576, 1024, 200), Limits.defaults());
    }

    @Test
    void each_limit_can_be_replaced() {
        assertEquals(new Limits(1, 1048576, 1024, 200), Limits.defaults().withMaxFrameSize(1));
        assertEquals(new Limits(1048576, 2, 1024, 200), Limits.defaults().withMaxMessageSize(2));
        assertEquals(new Limits(1048576, 1048576, 3, 200), Limits.defaults().withMaxFragments(3));
        assertEquals(new Limits(1048576, 1048576, 1024, 4), Limits.defaults().withMaxInflationRatio(4));
    }

    @Test
    void accepts_the_ends_of_the_ranges() {
        assertDoesNotThrow(() -> new Limits(1, 1, 1, 1));
        assertDoesNotThrow(() -> new Limits(Long.MAX_VALUE, LONGEST_ARRAY - 1, Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertDoesNotThrow(() -> new Limits(Long.MAX_VALUE, LONGEST_ARRAY, Integer.MAX_VALUE, 200));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0})
    void rejects_what_would_let_nothing_through(long none) {
        assertThrows(IllegalArgumentException.class, () -> Limits.defaults().withMaxFrameSize(none));
        assertThrows(IllegalArgumentException.class, () -> Limits.defaults().withMaxMessageSize(none));
        assertThrows(IllegalArgumentException.class, () -> Limits.defaults().withMaxFragments((int) none));
        assertThrows(IllegalArgumentException.class, () -> Limits.defaults().withMaxInflationRatio((int) none));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(longs = {LONGEST_ARRAY + 1L, Integer.MAX_VALUE, Long.MAX_VALUE})
    void rejects_messages_longer_than_an_array(long size) {
        var thrown = assertThrows(
                IllegalArgumentException.class, () -> Limits.defaults().withMaxMessageSize(size));
        assertEquals("maxMessageSize outside 1 to 2147483639: " + size, thrown.getMessage());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "1, 65",
        "16, 81",
        "1048576, 1114176",
        "8680820740569200700, 9223372036854775807",
        "8680820740569200701, 8680820740569200701",
        "9223372036854775807, 9223372036854775807"
    })
    void a_compressed_frame_may_be_longer_by_a_sixteenth_and_64_bytes_unless_that_is_no_number(
            long size, long longest) {
        assertEquals(longest, Limits.defaults().withMaxFrameSize(size).maxCompressedFrameSize());
    }
}
