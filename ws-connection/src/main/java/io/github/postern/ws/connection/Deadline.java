package io.github.postern.ws.connection;

/** A point in time on {@link System#nanoTime}'s scale, as a {@code long} so that waiting costs no object. */
final class Deadline {
    /** Never. */
    static final long NONE = 0;

    private Deadline() {}

    static long after(long nanos) {
        long deadline = System.nanoTime() + nanos;
        return deadline == NONE ? 1 : deadline;
    }

    /** How long until then, at least 1; 0 for {@link #NONE}: what {@link Transport#read} takes. */
    static long remaining(long deadline) {
        return deadline == NONE ? 0 : Math.max(1, deadline - System.nanoTime());
    }

    static boolean hasPassed(long deadline) {
        return deadline != NONE && deadline - System.nanoTime() <= 0;
    }
}
