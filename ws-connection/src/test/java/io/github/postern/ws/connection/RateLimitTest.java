package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The token bucket, with the time in the test's hand. */
class RateLimitTest {
    private static final long SECOND = 1_000_000_000L;

    private static int allowed(RateLimit limit, long now, int tries) {
        int count = 0;
        for (int i = 0; i < tries; i++) {
            count += limit.allows(now) ? 1 : 0;
        }
        return count;
    }

    @ParameterizedTest(name = "{0} a second")
    @ValueSource(ints = {1, 3, 100, 1_000_000})
    void a_burst_is_twice_what_a_second_allows(int perSecond) {
        assertEquals(2 * perSecond, allowed(new RateLimit(perSecond), Long.MAX_VALUE - 5, 3 * perSecond));
    }

    @Test
    void what_was_used_comes_back_at_the_rate() {
        var limit = new RateLimit(100);
        assertEquals(200, allowed(limit, 0, 1000));
        assertEquals(100, allowed(limit, SECOND, 1000));
        assertEquals(1, allowed(limit, SECOND + SECOND / 100, 1000));
        assertEquals(0, allowed(limit, SECOND + SECOND / 100, 1000));
    }

    @Test
    void a_long_silence_allows_no_more_than_a_burst() {
        var limit = new RateLimit(10);
        assertEquals(20, allowed(limit, 0, 100));
        assertEquals(20, allowed(limit, 3600 * SECOND, 100));
    }
}
