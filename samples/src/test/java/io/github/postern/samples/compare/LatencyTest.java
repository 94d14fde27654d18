package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyTest {
    @Test
    void percentiles_are_measured_times() {
        var oneToHundred =
                IntStream.rangeClosed(1, 100).mapToDouble(i -> 101 - i).toArray();
        assertEquals(new Latency(50, 99, 100), Latency.of(oneToHundred));
    }

    @Test
    void a_percentile_between_two_times_is_the_longer() {
        assertEquals(new Latency(2, 3, 3), Latency.of(new double[] {3, 1, 2}));
        assertEquals(new Latency(2, 4, 4), Latency.of(new double[] {4, 3, 1, 2}));
    }

    @Test
    void the_99th_percentile_leaves_one_of_a_hundred_out() {
        var values = new double[101];
        values[7] = 9;
        assertEquals(new Latency(0, 0, 9), Latency.of(values));
        values[8] = 8;
        assertEquals(new Latency(0, 8, 9), Latency.of(values));
    }

    @Test
    void one_time_is_every_percentile() {
        assertEquals(new Latency(5, 5, 5), Latency.of(new double[] {5}));
    }

    @Test
    void no_times_have_no_percentiles() {
        assertEquals(new Latency(Double.NaN, Double.NaN, Double.NaN), Latency.of(new double[0]));
    }
}
