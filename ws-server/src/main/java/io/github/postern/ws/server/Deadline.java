package io.github.postern.ws.server;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** A point in time on {@link System#nanoTime}'s scale, as a {@code long} so that each connection can keep one for little. */
final class Deadline {
    /** Never. */
    static final long NONE = 0;

    private Deadline() {}

    static long after(Duration time) {
        return after(time.toNanos());
    }

    /** The end of a lifetime from now on, up to a tenth earlier or later so that those who came together do not leave together. */
    static long ofLifetime(Duration lifetime) {
        long nanos = lifetime.toNanos();
        return nanos == 0
                ? NONE
                : after(nanos - nanos / 10 + ThreadLocalRandom.current().nextLong(nanos / 5 + 1));
    }

    private static long after(long nanos) {
        long deadline = System.nanoTime() + nanos;
        return deadline == NONE ? 1 : deadline;
    }

    static boolean hasPassed(long deadline, long now) {
        return deadline != NONE && deadline - now <= 0;
    }
}
