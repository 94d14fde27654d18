package io.github.postern.samples.compare;

import io.github.postern.push.PushTransport;
import java.time.Duration;

/** Measurements for tests. */
final class Measurements {
    static final Settings SETTINGS = new Settings(1000, Duration.ofMillis(20), Duration.ofSeconds(2), 2);

    private Measurements() {}

    /** One over polling: of 1,000 messages to each of two clients, one was lost. */
    static Measurement ofPolling() {
        return new Measurement(
                PushTransport.POLLING,
                2000,
                1999,
                0,
                new Latency(512.25, 1003.5, 1004.75),
                199_900,
                new Traffic(1284, 702, 4),
                new Traffic(399_800, 19_990, 1999),
                Duration.ofMillis(5997));
    }

    /** One over long polling that delivered nothing. */
    static Measurement ofNothing() {
        var none = new Latency(Double.NaN, Double.NaN, Double.NaN);
        var traffic = new Traffic(0, 0, 0);
        return new Measurement(PushTransport.LONG_POLLING, 2000, 0, 0, none, 0, traffic, traffic, Duration.ZERO);
    }
}
