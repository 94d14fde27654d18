package io.github.postern.ws.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: a random time up to a ceiling that doubles (full jitter), so that many
 * clients do not come back together (RFC 6455 §7.2.3). For one thread.
 */
final class Backoff {
    private static final int MAX_DOUBLINGS = 32;

    private final Duration first;
    private final Duration base;
    private final Duration cap;
    private final RandomGenerator random;
    private int retries;

    Backoff(Duration first, Duration base, Duration cap, RandomGenerator random) {
        this.first = first;
        this.base = base;
        this.cap = cap;
        this.random = random;
    }

    /** The delay before the next attempt. */
    Duration next() {
        var ceiling = ceiling(retries++);
        return Duration.ofMillis(random.nextLong(ceiling + 1));
    }

    /** What the delay is at most, in milliseconds, after as many delays since the last reset. */
    private long ceiling(int before) {
        if (before == 0) {
            return first.toMillis();
        }
        double doubled = base.toMillis() * Math.pow(2, Math.min(before, MAX_DOUBLINGS));
        return Math.min(cap.toMillis(), Math.max(first.toMillis(), (long) doubled));
    }

    /** How many delays there were since the last reset. */
    int retries() {
        return retries;
    }

    /** A connection lasted. */
    void reset() {
        retries = 0;
    }
}
