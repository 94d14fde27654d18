package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {
    private static Distribution of(double... millis) {
        var latencies = new Latencies();
        for (double one : millis) {
            latencies.add(one);
        }
        return latencies.distribution();
    }

    private static void assertWithinOnePercent(double expected, double actual) {
        assertEquals(expected, actual, expected * 0.0101);
    }

    @Test
    void percentiles_are_within_one_percent() {
        var latencies = new Latencies();
        for (int i = 100; i >= 1; i--) {
            latencies.add(i);
        }
        var latency = latencies.distribution().latency();
        assertWithinOnePercent(50, latency.p50());
        assertWithinOnePercent(99, latency.p99());
        assertEquals(100, latency.max());
    }

    @Test
    void a_percentile_between_two_times_is_the_longer() {
        assertWithinOnePercent(2, of(3, 1, 2).latency().p50());
        assertWithinOnePercent(2, of(4, 3, 1, 2).latency().p50());
        assertEquals(4, of(4, 3, 1, 2).latency().p99());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.5, 5, 777, 60_000, 3_000_000})
    void one_time_is_every_percentile(double millis) {
        assertEquals(new Latency(millis, millis, millis), of(millis).latency());
    }

    @Test
    void a_time_that_clocks_make_negative_counts_as_the_shortest() {
        assertEquals(0, of(-3).latency().p50());
        assertEquals(1, of(-3).count());
    }

    @Test
    void no_times_have_no_percentiles_but_bars_of_0_percent() {
        assertEquals(new Latency(Double.NaN, Double.NaN, Double.NaN), Distribution.EMPTY.latency());
        assertTrue(Distribution.EMPTY.bars().stream().allMatch(bar -> bar.percent() == 0));
    }

    @Test
    void what_came_since_an_earlier_moment_is_the_difference() {
        var latencies = new Latencies();
        latencies.add(1000);
        var earlier = latencies.distribution();
        latencies.add(1);
        latencies.add(2);
        var since = latencies.distribution().since(earlier);
        assertEquals(2, since.count());
        assertWithinOnePercent(2, since.latency().max());
    }

    @Test
    void every_time_is_in_one_bar() {
        var bars =
                of(0.001, 0.3, 0.7, 3, 3.5, 30, 300, 3_000, 300_000, 30_000_000).bars();
        assertEquals(100, bars.stream().mapToDouble(Distribution.Bar::percent).sum(), 1e-9);
        var upToFive = bars.stream().filter(bar -> bar.upToMillis() == 5).findFirst();
        assertEquals(20, upToFive.orElseThrow().percent());
        assertEquals(Double.POSITIVE_INFINITY, bars.getLast().upToMillis());
        assertEquals(20, bars.getLast().percent());
    }
}
