package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
    /** Always the longest delay there may be. */
    private static final class Highest implements RandomGenerator {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    }

    private static Backoff backoff(int first, int base, int cap, RandomGenerator random) {
        return new Backoff(Duration.ofSeconds(first), Duration.ofSeconds(base), Duration.ofSeconds(cap), random);
    }

    private static List<Long> seconds(Backoff backoff, int count) {
        var delays = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            delays.add(backoff.next().toSeconds());
        }
        return delays;
    }

    @Test
    void the_longest_delay_is_the_first_ones_then_doubles_up_to_the_cap() {
        assertEquals(List.of(5L, 5L, 5L, 8L, 16L, 32L, 60L, 60L), seconds(backoff(5, 1, 60, new Highest()), 8));
        assertEquals(List.of(0L, 2L, 4L, 8L, 10L), seconds(backoff(0, 1, 10, new Highest()), 5));
        assertEquals(List.of(5L, 3L, 3L), seconds(backoff(5, 1, 3, new Highest()), 3));
    }

    @Test
    void a_reset_starts_from_the_beginning() {
        var backoff = backoff(0, 1, 60, new Highest());
        seconds(backoff, 4);
        assertEquals(4, backoff.retries());
        backoff.reset();
        assertEquals(0, backoff.retries());
        assertEquals(List.of(0L, 2L), seconds(backoff, 2));
    }

    @Test
    void it_never_overflows() {
        var backoff = new Backoff(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), new Highest());
        for (int i = 0; i < 200; i++) {
            backoff.next();
        }
        assertEquals(Duration.ofDays(1), backoff.next());
    }

    @Test
    void delays_are_spread_over_the_whole_range() {
        long seed = 20260101;
        var backoff = backoff(1, 1, 1, new Random(seed));
        var tenths = new int[11];
        for (int i = 0; i < 10_000; i++) {
            tenths[(int) (backoff.next().toMillis() / 100)]++;
        }
        for (int i = 0; i < 10; i++) {
            assertTrue(Math.abs(tenths[i] - 1000) < 200, "seed " + seed + ", tenth " + i + ": " + tenths[i]);
        }
    }
}
