package io.github.postern.verify.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A soak that is too short to find much, so that the long one still works when it is wanted. */
@Timeout(300)
class SoakTest {
    private static final long SEED = 20_261_126;

    /** This process does other things as well, and half a second of warming up is none. */
    private static final Set<String> LEFT_OUT = Set.of("heap, KiB", "resident memory, KiB", "platform threads");

    @Test
    void nothing_goes_wrong_and_nothing_is_left_open() throws Exception {
        var outcome =
                new Soak(SEED, new PrintWriter(System.out, true, System.out.charset())).run(Duration.ofSeconds(5));
        assertEquals(List.of(), outcome.log().failures());
        assertTrue(outcome.log().total() > 20, () -> "only " + outcome.log().total() + " actions");
        for (var row : outcome.balance().rows()) {
            assertTrue(row.isWithinSlack() || LEFT_OUT.contains(row.name()), row::toString);
        }
    }
}
