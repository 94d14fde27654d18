package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a client notices that its machine was asleep. */
class ClockJumpTest {
    private static final long MILLISECOND = 1_000_000;

    private final ClockJump jump = new ClockJump(0, 1_000_000);

    @ParameterizedTest(name = "{0} ms further: {1}")
    @CsvSource({"-100000, false", "0, false", "4999, false", "5000, false", "5001, true", "3600000, true"})
    void the_time_of_day_has_gone_on_while_the_other_clock_stood_still(long further, boolean asleep) {
        long passed = 100;
        assertEquals(asleep, jump.look(passed * MILLISECOND, 1_000_000 + passed + further, passed * MILLISECOND));
    }

    @ParameterizedTest(name = "{0} ms late: {1}")
    @CsvSource({"0, false", "4999, false", "5000, false", "5001, true"})
    void a_wait_has_lasted_much_longer_than_it_was_to(long late, boolean asleep) {
        long now = 100 + late;
        assertEquals(asleep, jump.look(now * MILLISECOND, 1_000_000 + now, 100 * MILLISECOND));
    }

    @Test
    void a_jump_is_noticed_once() {
        assertTrue(jump.look(0, 2_000_000, 0));
        assertFalse(jump.look(0, 2_000_000, 0));
    }
}
