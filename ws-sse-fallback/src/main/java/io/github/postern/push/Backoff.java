package io.github.postern.push;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt (PROTOCOL.md §9): full jitter over 0.5 s · 2^n, at most 20 s, so that the first
 * attempt comes almost at once and many clients do not come together. Pure; for one thread.
 */
final class Backoff {
    private static final long FIRST_CEILING_MILLIS = 500;
    private static final long LONGEST_MILLIS = 20_000;
    private static final int MAX_DOUBLINGS = 6;

    private final RandomGenerator random;
    private int failures;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The delay before the next attempt, in milliseconds. */
    long next() {
        long ceiling = Math.min(LONGEST_MILLIS, FIRST_CEILING_MILLIS << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        return random.nextLong(ceiling + 1);
    }

    /** An attempt was a success that lasted. */
    void reset() {
        failures = 0;
    }
}
