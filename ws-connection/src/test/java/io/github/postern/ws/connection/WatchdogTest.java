package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.Role;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often the watchdog looks. */
@Timeout(30)
@ExtendWith(EveryConnectionEnds.class)
class WatchdogTest {
    private static long periodOf(ConnectionOptions options) {
        var it = Fixture.WithPeer.of(Role.SERVER, options);
        it.connection().abort();
        return Watchdog.SHARED.period();
    }

    @Test
    void sleeps_for_at_most_a_quarter_of_a_second_and_at_least_10_ms() {
        var period = periodOf(ConnectionOptions.defaults());
        assertTrue(period >= Duration.ofMillis(10).toNanos(), () -> "period of " + period + " ns");
        assertTrue(period <= Duration.ofMillis(250).toNanos(), () -> "period of " + period + " ns");
    }

    @ParameterizedTest(name = "{0} ms: {1} ms")
    @CsvSource({"0, 10", "39, 10", "40, 10", "44, 11", "100, 25", "996, 249", "1000, 250", "1004, 250", "20000, 250"})
    void sleeps_for_a_quarter_of_the_shortest_deadline_within_these_bounds(long shortest, long period) {
        var it = Fixture.WithPeer.of(Role.SERVER, ConnectionOptions.defaults());
        var watchdog = new Watchdog();
        watchdog.add(it.connection(), Duration.ofMillis(shortest).toNanos());
        it.connection().abort();
        watchdog.remove(it.connection());
        assertEquals(Duration.ofMillis(period).toNanos(), watchdog.period());
    }

    @Test
    void the_shortest_deadline_of_all_connections_counts() {
        var it = Fixture.WithPeer.of(Role.SERVER, ConnectionOptions.defaults());
        var watchdog = new Watchdog();
        for (int millis : new int[] {800, 100, 400}) {
            watchdog.add(it.connection(), Duration.ofMillis(millis).toNanos());
        }
        it.connection().abort();
        watchdog.remove(it.connection());
        assertEquals(Duration.ofMillis(25).toNanos(), watchdog.period());
    }

    @Test
    void the_options_say_what_the_shortest_deadline_is() {
        var period = periodOf(ConnectionOptions.defaults().withPongTimeout(Duration.ofNanos(1)));
        assertEquals(Duration.ofMillis(10).toNanos(), period);
        var deadline = KeepAlive.shortestDeadline(
                ConnectionOptions.defaults().withPingInterval(Duration.ZERO).withPongTimeout(Duration.ofMillis(100)));
        assertEquals(Duration.ofMillis(100).toNanos(), deadline);
    }
}
