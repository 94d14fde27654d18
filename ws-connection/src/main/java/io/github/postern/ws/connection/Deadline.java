package io.github.postern.ws.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A point in time on the scale of {@link TimeSource#nanoTime}, as a {@code long} so that waiting costs no object. */
final class Deadline {
    /** Never. */
    static final long NONE = 0;

    private Deadline() {}

    /** In so much time: now if it is negative, and not later than {@code long} can say. */
    static long after(TimeSource time, Duration duration) {
        return after(time, Math.max(0, TimeUnit.NANOSECONDS.convert(duration)));
    }

    static long after(TimeSource time, long nanos) {
        long deadline = time.nanoTime() + nanos;
        return deadline == NONE ? 1 : deadline;
    }

    /** How long until then, at least 1; 0 for {@link #NONE}: what {@link Transport#read} takes. */
    static long remaining(TimeSource time, long deadline) {
        return deadline == NONE ? 0 : Math.max(1, deadline - time.nanoTime());
    }

    static boolean hasPassed(TimeSource time, long deadline) {
        return deadline != NONE && deadline - time.nanoTime() <= 0;
    }
}
