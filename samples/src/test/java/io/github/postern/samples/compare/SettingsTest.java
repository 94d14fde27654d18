package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static Settings of(long interval, int size, int clients, long poll) {
        return new Settings(Duration.ofMillis(interval), size, clients, Duration.ofMillis(poll));
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1, 1", "2, 1, 2, 2", "59999, 49999, 999, 59999", "60000, 50000, 1000, 60000"})
    void takes_what_lies_between_the_bounds(long interval, int size, int clients, long poll) {
        assertEquals(size, of(interval, size, clients, poll).size());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1, 1",
        "60001, 0, 1, 1",
        "1, -1, 1, 1",
        "1, 50001, 1, 1",
        "1, 0, 0, 1",
        "1, 0, 1001, 1",
        "1, 0, 1, 0",
        "1, 0, 1, 60001"
    })
    void refuses_what_lies_beyond(long interval, int size, int clients, long poll) {
        assertThrows(IllegalArgumentException.class, () -> of(interval, size, clients, poll));
    }

    @Test
    void says_what_is_wrong_in_a_sentence() {
        var wrong = assertThrows(IllegalArgumentException.class, () -> of(1, 0, 1001, 1));
        assertEquals("the number of clients must be between 1 and 1000, not 1001", wrong.getMessage());
    }

    @Test
    void conditions_take_a_latency_of_at_most_two_seconds() {
        for (long millis : new long[] {0, 1999, 2000}) {
            assertEquals(
                    millis,
                    new Conditions(Duration.ofMillis(millis), false, false)
                            .latency()
                            .toMillis());
        }
        for (long millis : new long[] {-1, 2001}) {
            assertThrows(IllegalArgumentException.class, () -> new Conditions(Duration.ofMillis(millis), false, false));
        }
    }
}
