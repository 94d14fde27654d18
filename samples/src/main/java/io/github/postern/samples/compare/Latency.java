package io.github.postern.samples.compare;

import java.util.Arrays;

/**
 * How long messages were on their way, in milliseconds; NaN if there were none.
 *
 * @param p50 half of them took no longer
 * @param p99 99 of 100 took no longer
 * @param max the longest
 */
record Latency(double p50, double p99, double max) {
    /** Sums up measured times, by the nearest-rank method: each percentile is a time that was measured. */
    static Latency of(double[] millis) {
        var sorted = millis.clone();
        Arrays.sort(sorted);
        return new Latency(percentile(sorted, 50), percentile(sorted, 99), percentile(sorted, 100));
    }

    private static double percentile(double[] sorted, int percent) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int rank = (int) ((sorted.length * (long) percent + 99) / 100); // rounded up
        return sorted[rank - 1];
    }
}
