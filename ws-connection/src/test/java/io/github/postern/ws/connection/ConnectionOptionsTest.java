package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ranges of the options, and their defaults. */
class ConnectionOptionsTest {
    private static final ConnectionOptions DEFAULTS = ConnectionOptions.defaults();
    private static final Duration LONGEST = Duration.ofDays(365);

    private static final Map<String, BiFunction<ConnectionOptions, Duration, ConnectionOptions>> TIMEOUTS = Map.of(
            "pingInterval", ConnectionOptions::withPingInterval,
            "pongTimeout", ConnectionOptions::withPongTimeout,
            "idleTimeout", ConnectionOptions::withIdleTimeout,
            "closeTimeout", ConnectionOptions::withCloseTimeout,
            "lingerTimeout", ConnectionOptions::withLingerTimeout,
            "writeTimeout", ConnectionOptions::withWriteTimeout,
            "messageTimeout", ConnectionOptions::withMessageTimeout);

    private static BiFunction<ConnectionOptions, Duration, ConnectionOptions> with(String name) {
        return Objects.requireNonNull(TIMEOUTS.get(name), name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pingInterval",
                "pongTimeout",
                "idleTimeout",
                "closeTimeout",
                "lingerTimeout",
                "writeTimeout",
                "messageTimeout"
            })
    void a_timeout_is_positive_and_at_most_365_days(String name) {
        var with = with(name);
        assertThrows(IllegalArgumentException.class, () -> with.apply(DEFAULTS, Duration.ofNanos(-1)));
        assertDoesNotThrow(() -> with.apply(DEFAULTS, Duration.ofNanos(1)));
        assertDoesNotThrow(() -> with.apply(DEFAULTS, LONGEST));
        var thrown = assertThrows(IllegalArgumentException.class, () -> with.apply(DEFAULTS, LONGEST.plusNanos(1)));
        assertEquals(name + " out of range: " + LONGEST.plusNanos(1), thrown.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pingInterval", "idleTimeout", "messageTimeout"})
    void zero_turns_off_what_can_be_turned_off(String name) {
        assertDoesNotThrow(() -> with(name).apply(DEFAULTS, Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pongTimeout", "closeTimeout", "lingerTimeout", "writeTimeout"})
    void zero_is_refused_where_waiting_for_ever_would_leak(String name) {
        assertThrows(IllegalArgumentException.class, () -> with(name).apply(DEFAULTS, Duration.ZERO));
    }

    @Test
    void counts_are_at_least_1() {
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withControlFramesPerSecond(0));
        assertEquals(1, DEFAULTS.withControlFramesPerSecond(1).controlFramesPerSecond());
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withUnreceivedBytes(0));
        assertEquals(1, DEFAULTS.withUnreceivedBytes(1).unreceivedBytes());
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withFragmentSize(0));
        assertEquals(1, DEFAULTS.withFragmentSize(1).fragmentSize());
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withUnsentBytes(0));
        assertEquals(1, DEFAULTS.withUnsentBytes(1).unsentBytes());
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withUnsentMessages(0));
        assertEquals(1, DEFAULTS.withUnsentMessages(1).unsentMessages());
    }

    @Test
    void the_defaults_are_the_documented_ones() {
        assertEquals(Duration.ofSeconds(20), DEFAULTS.pingInterval());
        assertEquals(Duration.ofSeconds(20), DEFAULTS.pongTimeout());
        assertEquals(Duration.ofSeconds(60), DEFAULTS.idleTimeout());
        assertEquals(Duration.ofSeconds(5), DEFAULTS.closeTimeout());
        assertEquals(Duration.ofSeconds(1), DEFAULTS.lingerTimeout());
        assertEquals(Duration.ofSeconds(20), DEFAULTS.writeTimeout());
        assertEquals(Duration.ofSeconds(60), DEFAULTS.messageTimeout());
        assertEquals(100, DEFAULTS.controlFramesPerSecond());
        assertEquals(64 * 1024, DEFAULTS.unreceivedBytes());
        assertEquals(16 * 1024, DEFAULTS.fragmentSize());
        assertEquals(1024 * 1024, DEFAULTS.unsentBytes());
        assertEquals(256, DEFAULTS.unsentMessages());
    }

    @Test
    void the_shortest_deadline_is_that_of_what_is_turned_on() {
        assertEquals(Duration.ofSeconds(20).toNanos(), KeepAlive.shortestDeadline(DEFAULTS));
        assertEquals(
                Duration.ofSeconds(3).toNanos(),
                KeepAlive.shortestDeadline(
                        DEFAULTS.withPingInterval(Duration.ZERO).withIdleTimeout(Duration.ofSeconds(3))));
    }
}
