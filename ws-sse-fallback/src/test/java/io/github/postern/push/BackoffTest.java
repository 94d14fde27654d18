package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Delays before the next attempt: PROTOCOL.md §9. */
class BackoffTest {
    @ParameterizedTest(name = "attempt {0}: 0 to {1} ms")
    @CsvSource({"1, 500", "2, 1000", "3, 2000", "4, 4000", "5, 8000", "6, 16000", "7, 20000", "8, 20000", "100, 20000"})
    void spreads_each_attempt_over_its_whole_range(int attempt, long ceiling) {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (int seed = 0; seed < 1_000; seed++) {
            var backoff = new Backoff(new Random(seed));
            long delay = 0;
            for (int i = 0; i < attempt; i++) {
                delay = backoff.next();
            }
            least = Math.min(least, delay);
            most = Math.max(most, delay);
        }
        assertTrue(least >= 0 && least < ceiling / 10, "least " + least);
        assertTrue(most <= ceiling && most > ceiling * 9 / 10, "most " + most);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void begins_anew_after_a_success(long seed) {
        var backoff = new Backoff(new Random(seed));
        for (int i = 0; i < 10; i++) {
            backoff.next();
        }
        backoff.reset();
        assertTrue(backoff.next() <= 500);
    }
}
