package io.github.postern.verify.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushTransport;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A chaos run that is too short to find much, so that the long one still works when it is wanted. */
@Timeout(120)
class ChaosTest {
    private static final long SEED = 20_261_126;

    /** WebSocket alone in so short a time; the long run has every transport. */
    private static final List<Optional<PushTransport>> WAYS = List.of(Optional.of(PushTransport.WEBSOCKET));

    @Test
    void every_message_arrives_once_and_in_order() throws Exception {
        var out = new PrintWriter(System.out, true, System.out.charset());
        var outcome = new Chaos(SEED, WAYS, out).run(Duration.ofSeconds(4));
        assertEquals(List.of(), outcome.failures());
        assertTrue(outcome.up() > 500 && outcome.down() > 500, outcome::toString);
        assertTrue(outcome.struck().values().stream().mapToLong(n -> n).sum() >= 5, outcome::toString);
    }
}
