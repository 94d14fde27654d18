package io.github.postern.samples.compare;

import java.util.List;
import java.util.Map;

/**
 * What a comparison has found up to a moment. All views are made of this.
 *
 * @param settings what was sent, and to whom
 * @param conditions what the network is like
 * @param published how many messages have been published over each transport
 * @param measurements one of each transport
 * @param series under the name of each transport its time series; of a long measurement the end
 */
record Result(
        Settings settings,
        Conditions conditions,
        long published,
        List<Measurement> measurements,
        Map<String, List<Point>> series) {

    /** Whether every message arrived once and in order, over each transport. */
    boolean complete() {
        return measurements.stream().allMatch(Measurement::complete);
    }
}
