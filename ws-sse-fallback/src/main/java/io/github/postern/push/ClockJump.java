package io.github.postern.push;

import java.util.concurrent.TimeUnit;

/**
 * Notices that the machine was asleep: the time of day has gone on further than the clock that stands still meanwhile, or a wait has lasted much longer
 * than it was to. Pure; for one thread.
 */
final class ClockJump {
    /** A smaller jump is a correction of the time of day, or a busy machine. */
    static final long MILLIS = 5_000;

    private long nanos;
    private long millis;

    ClockJump(long nanos, long millis) {
        this.nanos = nanos;
        this.millis = millis;
    }

    /**
     * Looks at the clocks.
     *
     * @param dueNanos when the look was to be at the latest
     * @return whether the machine was asleep since the last look
     */
    boolean look(long nowNanos, long nowMillis, long dueNanos) {
        long passed = TimeUnit.NANOSECONDS.toMillis(nowNanos - nanos);
        boolean jumped = nowMillis - millis - passed > MILLIS;
        boolean late = TimeUnit.NANOSECONDS.toMillis(nowNanos - dueNanos) > MILLIS;
        nanos = nowNanos;
        millis = nowMillis;
        return jumped || late;
    }
}
