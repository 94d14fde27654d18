package io.github.postern.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.core.handshake.HeadLimits;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ServerOptionsTest {
    private static final ServerOptions DEFAULTS = ServerOptions.defaults();

    @Test
    void the_defaults_are_those_that_are_documented() {
        assertEquals(
                new ServerOptions(
                        ConnectionOptions.defaults(),
                        HeadLimits.defaults(),
                        Duration.ofSeconds(10),
                        10_000,
                        100,
                        512,
                        1024,
                        Duration.ZERO),
                DEFAULTS);
    }

    static Stream<Arguments> ranges() {
        Duration year = Duration.ofDays(365);
        return Stream.of(
                numbers("maxConnections", ServerOptions::withMaxConnections, Integer.MAX_VALUE),
                numbers("maxConnectionsPerAddress", ServerOptions::withMaxConnectionsPerAddress, Integer.MAX_VALUE),
                numbers("maxHandshakes", ServerOptions::withMaxHandshakes, Integer.MAX_VALUE),
                numbers("backlog", ServerOptions::withBacklog, 65_535),
                durations("handshakeTimeout", ServerOptions::withHandshakeTimeout, Duration.ofHours(1)),
                durations("maxLifetime", ServerOptions::withMaxLifetime, year));
    }

    private static Arguments numbers(String name, BiFunction<ServerOptions, Integer, ServerOptions> with, int most) {
        var bad = most == Integer.MAX_VALUE ? List.of(0, -1, Integer.MIN_VALUE) : List.of(0, -1, most + 1);
        return Arguments.of(name, with, List.of(1, 2, most), bad);
    }

    private static Arguments durations(
            String name, BiFunction<ServerOptions, Duration, ServerOptions> with, Duration longest) {
        return Arguments.of(
                name,
                with,
                List.of(Duration.ofMillis(1), Duration.ofMillis(2), longest),
                List.of(Duration.ofNanos(999_999), Duration.ofMillis(-1), longest.plusNanos(1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ranges")
    <T> void values_are_taken_up_to_the_ends_of_their_range(
            String name, BiFunction<ServerOptions, T, ServerOptions> with, List<T> good, List<T> bad) {
        for (var value : good) {
            assertTrue(with.apply(DEFAULTS, value).toString().contains(name + "=" + value));
        }
        for (var value : bad) {
            var thrown = assertThrows(IllegalArgumentException.class, () -> with.apply(DEFAULTS, value));
            assertEquals(name + " out of range: " + value, thrown.getMessage());
        }
    }

    @Test
    void only_a_lifetime_may_be_zero() {
        assertEquals(Duration.ZERO, DEFAULTS.withMaxLifetime(Duration.ZERO).maxLifetime());
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withHandshakeTimeout(Duration.ZERO));
    }
}
