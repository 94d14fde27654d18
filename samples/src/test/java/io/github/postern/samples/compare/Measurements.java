package io.github.postern.samples.compare;

import io.github.postern.push.PushTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Measurements for tests. */
final class Measurements {
    static final Settings SETTINGS = new Settings(Duration.ofMillis(20), 0, 2, Duration.ofSeconds(2));

    private Measurements() {}

    /** One over polling: of 1,000 messages to each of two clients, one was lost. */
    static Measurement ofPolling() {
        var latencies = new Latencies();
        for (int i = 0; i < 1980; i++) {
            latencies.add(512.25);
        }
        for (int i = 0; i < 19; i++) {
            latencies.add(1003.5);
        }
        return new Measurement(
                PushTransport.POLLING,
                2000,
                1999,
                1,
                0,
                latencies.distribution(),
                199_900,
                new Traffic(new Split(0, 284, 1000, 0), new Split(0, 0, 700, 2), 4),
                new Traffic(new Split(199_900, 19_990, 179_910, 0), new Split(0, 0, 9_995, 9_995), 1999),
                Duration.ofMillis(5997),
                3 << 20,
                2);
    }

    /** One over long polling that delivered nothing. */
    static Measurement ofNothing() {
        return new Measurement(
                PushTransport.LONG_POLLING,
                2000,
                0,
                2000,
                0,
                Distribution.EMPTY,
                0,
                Traffic.NOTHING,
                Traffic.NOTHING,
                Duration.ZERO,
                0,
                0);
    }

    static Result result(Measurement... measurements) {
        var point = new Point(0.5, 20, new Latency(500, 900, 1000), 4096, 12.5, 5 << 20, 2);
        return new Result(SETTINGS, Conditions.GOOD, 1000, List.of(measurements), Map.of("polling", List.of(point)));
    }
}
