package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.Role;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

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

    @Test
    void sleeps_for_a_quarter_of_the_shortest_deadline() {
        var period = periodOf(ConnectionOptions.defaults().withPongTimeout(Duration.ofNanos(1)));
        assertEquals(Duration.ofMillis(10).toNanos(), period);
    }
}
