package io.github.postern.verify.herd;

import java.util.Locale;
import java.util.stream.LongStream;

/** How some times are spread, in milliseconds. */
public record Spread(long median, long p99, long longest) {
    private static final int NANOS = 1_000_000;

    /** Of these, in nanoseconds. */
    static Spread of(LongStream nanos) {
        var sorted = nanos.sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("none");
        }
        return new Spread(
                sorted[sorted.length / 2] / NANOS,
                sorted[sorted.length * 99 / 100] / NANOS,
                sorted[sorted.length - 1] / NANOS);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d ms (half of them %,d, 99 %% %,d)", longest, median, p99);
    }
}
