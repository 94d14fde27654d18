package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PushClientOptionsTest {
    /** A timeout: its name and default, how it is read and how it is changed. */
    record Timeout(
            String name,
            Duration standard,
            Function<PushClientOptions, Duration> get,
            BiFunction<PushClientOptions, Duration, PushClientOptions> with) {}

    static Stream<Arguments> timeouts() {
        return Stream.of(
                        new Timeout(
                                "headStart",
                                Duration.ofMillis(1_500),
                                PushClientOptions::headStart,
                                PushClientOptions::withHeadStart),
                        new Timeout(
                                "firstByteTimeout",
                                Duration.ofSeconds(3),
                                PushClientOptions::firstByteTimeout,
                                PushClientOptions::withFirstByteTimeout),
                        new Timeout(
                                "fallbackMemory",
                                Duration.ofMinutes(30),
                                PushClientOptions::fallbackMemory,
                                PushClientOptions::withFallbackMemory),
                        new Timeout(
                                "probeTimeout",
                                Duration.ofSeconds(3),
                                PushClientOptions::probeTimeout,
                                PushClientOptions::withProbeTimeout))
                .map(timeout -> Arguments.of(timeout.name(), timeout));
    }

    @Test
    void the_grace_of_a_heartbeat_is_positive_and_at_most_that_of_the_protocol() {
        var defaults = PushClientOptions.defaults();
        var most = Duration.ofSeconds(10);
        assertEquals(most, defaults.heartbeatGrace());
        for (var good : new Duration[] {Duration.ofNanos(1), most.minusNanos(1), most}) {
            assertEquals(good, defaults.withHeartbeatGrace(good).heartbeatGrace());
        }
        assertThrows(IllegalArgumentException.class, () -> defaults.withHeartbeatGrace(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> defaults.withHeartbeatGrace(most.plusNanos(1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("timeouts")
    void timeouts_are_positive_and_at_most_365_days(String name, Timeout timeout) {
        var defaults = PushClientOptions.defaults();
        assertEquals(timeout.standard(), timeout.get().apply(defaults));
        for (var good : new Duration[] {Duration.ofNanos(1), Duration.ofDays(365)}) {
            assertEquals(good, timeout.get().apply(timeout.with().apply(defaults, good)));
        }
        for (var bad : new Duration[] {Duration.ZERO, Duration.ofDays(365).plusNanos(1)}) {
            var refused = assertThrows(
                    IllegalArgumentException.class, () -> timeout.with().apply(defaults, bad));
            assertEquals(name + " out of range: " + bad, refused.getMessage());
        }
    }
}
