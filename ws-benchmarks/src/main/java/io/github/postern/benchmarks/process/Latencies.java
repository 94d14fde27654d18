package io.github.postern.benchmarks.process;

import java.util.Arrays;

/** Durations, counted by size with a precision of 1/64. */
public final class Latencies {
    private static final int PRECISION_BITS = 6;
    private static final double NANOS_PER_MICRO = 1000;

    private final long[] counts = new long[Long.SIZE << PRECISION_BITS];
    private long total;

    public void add(long nanos) {
        counts[slot(Math.max(nanos, 1))]++;
        total++;
    }

    public void clear() {
        Arrays.fill(counts, 0);
        total = 0;
    }

    public boolean isEmpty() {
        return total == 0;
    }

    /** In µs: that share of the durations is shorter. */
    public double quantile(double share) {
        long wanted = (long) Math.ceil(share * total);
        long seen = 0;
        for (int slot = 0; slot < counts.length; slot++) {
            seen += counts[slot];
            if (seen >= wanted) {
                return value(slot) / NANOS_PER_MICRO;
            }
        }
        throw new IllegalStateException("counted " + seen + " instead of " + total);
    }

    private static int slot(long nanos) {
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        int shift = Math.max(exponent - PRECISION_BITS, 0);
        return (shift << PRECISION_BITS) + (int) (nanos >>> shift);
    }

    private static double value(int slot) {
        int shift = Math.max((slot >>> PRECISION_BITS) - 1, 0);
        return (double) ((long) slot - ((long) shift << PRECISION_BITS)) * (1L << shift);
    }
}
