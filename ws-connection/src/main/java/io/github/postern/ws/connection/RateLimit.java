package io.github.postern.ws.connection;

/** A token bucket as one number, the time at which it will be full again. For one thread. */
final class RateLimit {
    private static final long SECOND = 1_000_000_000L;

    private final long nanosPerEvent;
    private final long burstNanos;
    private long fullAt;
    private boolean used;

    /** Allows {@code perSecond} events a second on average, and bursts of twice as many. */
    RateLimit(int perSecond) {
        nanosPerEvent = SECOND / perSecond;
        burstNanos = nanosPerEvent * 2 * perSecond;
    }

    /** Whether one more event at {@code now} is within the limit. */
    boolean allows(long now) {
        if (!used || fullAt - now < 0) {
            used = true;
            fullAt = now;
        }
        if (fullAt + nanosPerEvent - now > burstNanos) {
            return false;
        }
        fullAt += nanosPerEvent;
        return true;
    }
}
