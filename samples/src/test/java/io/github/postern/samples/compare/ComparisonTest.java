package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Four servers, and measurements with them. */
@Timeout(120)
class ComparisonTest {
    private static final Settings SETTINGS = new Settings(Duration.ofMillis(5), 200, 1, Duration.ofMillis(50));

    @Test
    void measures_all_transports_and_then_again_with_other_settings() throws Exception {
        try (var comparison = Comparison.start(new Feed(() -> "\"text\""))) {
            var first = comparison.begin(SETTINGS);
            first.publish(20, (delivered, all) -> {});
            first.awaitDelivery((delivered, all) -> {});
            first.sample();
            var result = first.result(true);
            assertTrue(result.complete(), result.toString());
            assertEquals(20, result.published());
            assertEquals(
                    Set.of("polling", "long-polling", "sse", "websocket"),
                    result.series().keySet());
            assertEquals(4, result.measurements().size());
            assertTrue(result.measurements().getFirst().payloadPerMessage() > 200, result.toString());

            var bad = new Conditions(Duration.ofMillis(1), false, false);
            first.apply(bad);
            var second = comparison.begin(Measurements.SETTINGS);
            assertThrows(CancellationException.class, () -> first.publish(1, (delivered, all) -> {}));
            assertEquals(Optional.of(second), comparison.current());
            assertEquals(bad, second.result(false).conditions());
            second.publish(1, (delivered, all) -> assertEquals(8, all));
            second.awaitDelivery((delivered, all) -> {});
            assertEquals(
                    8,
                    second.result(true).measurements().stream()
                            .mapToLong(Measurement::delivered)
                            .sum());
        }
    }
}
