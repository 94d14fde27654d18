package io.github.postern.verify.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A chaos run that is too short to find much, so that the long one still works when it is wanted. */
@Timeout(120)
class ChaosTest {
    private static final long SEED = 20_261_126;

    @Test
    void every_message_arrives_once_and_in_order() throws Exception {
        var out = new PrintWriter(System.out, true, System.out.charset());
        var outcome = new Chaos(SEED, out).run(Duration.ofSeconds(8));
        assertEquals(List.of(), outcome.failures());
        assertTrue(outcome.up() > 500 && outcome.down() > 500, outcome::toString);
        assertTrue(outcome.count("fault") >= 10, outcome::toString);
        assertTrue(outcome.count("switch") >= 5, outcome::toString);
    }
}
