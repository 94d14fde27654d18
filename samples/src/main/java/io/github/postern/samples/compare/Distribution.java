package io.github.postern.samples.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How latencies were distributed, each of them within 1 %: immutable. */
final class Distribution {
    static final Distribution EMPTY = new Distribution(new long[Distribution.BUCKETS], 0);

    private static final double SHORTEST_MILLIS = 0.01;
    private static final double STEP = Math.log(1.01);

    /** Up to more than an hour. */
    static final int BUCKETS = 2_100;

    /** The ends of a chart's bars: 1, 2 and 5 of each power of ten. */
    private static final double[] BAR_ENDS = {
        0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, Double.POSITIVE_INFINITY
    };

    private final long[] counts;
    private final double longest;

    /** Takes the array over. */
    Distribution(long[] counts, double longest) {
        this.counts = counts;
        this.longest = longest;
    }

    /**
     * How many latencies lie in a part of the range.
     *
     * @param upToMillis the end of the part, which begins where the one before ends; infinite for the last
     * @param percent of all
     */
    record Bar(double upToMillis, double percent) {}

    static int bucket(double millis) {
        if (millis <= SHORTEST_MILLIS) {
            return 0;
        }
        return Math.min((int) Math.ceil(Math.log(millis / SHORTEST_MILLIS) / STEP), BUCKETS - 1);
    }

    private static double end(int bucket) {
        return SHORTEST_MILLIS * Math.exp(STEP * bucket);
    }

    /** What came on top of an earlier distribution. */
    Distribution since(Distribution earlier) {
        var difference = counts.clone();
        Arrays.setAll(difference, bucket -> counts[bucket] - earlier.counts[bucket]);
        return new Distribution(difference, longest);
    }

    long count() {
        return Arrays.stream(counts).sum();
    }

    /** Sums it up, by the nearest-rank method. */
    Latency latency() {
        return new Latency(percentile(50), percentile(99), percentile(100));
    }

    private double percentile(int percent) {
        long all = count();
        long rank = (all * percent + 99) / 100; // rounded up
        long passed = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            passed += counts[bucket];
            if (passed >= rank && passed > 0) {
                return Math.min(end(bucket), longest);
            }
        }
        return Double.NaN;
    }

    /** The bars of a chart, from the shortest latencies on. Where there are no latencies, each bar has 0 %. */
    List<Bar> bars() {
        long all = Math.max(1, count());
        var bars = new ArrayList<Bar>();
        int bucket = 0;
        for (double barEnd : BAR_ENDS) {
            long inside = 0;
            // a bar's end lies inside a bucket of 1 %, which goes to the bar in which more of it lies
            while (bucket < BUCKETS && end(bucket) <= barEnd * 1.005) {
                inside += counts[bucket++];
            }
            bars.add(new Bar(barEnd, 100.0 * inside / all));
        }
        return bars;
    }
}
