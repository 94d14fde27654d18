package io.github.postern.samples.compare;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAccumulator;

/** Counts latencies in buckets 1 % apart, so that millions of them take no more room than one. Any number of threads may count. */
final class Latencies {
    private final AtomicLongArray counts = new AtomicLongArray(Distribution.BUCKETS);
    private final DoubleAccumulator longest = new DoubleAccumulator(Math::max, 0);

    void add(double millis) {
        counts.incrementAndGet(Distribution.bucket(millis));
        longest.accumulate(millis);
    }

    Distribution distribution() {
        var copy = new long[Distribution.BUCKETS];
        for (int bucket = 0; bucket < copy.length; bucket++) {
            copy[bucket] = counts.get(bucket);
        }
        return new Distribution(copy, longest.get());
    }
}
