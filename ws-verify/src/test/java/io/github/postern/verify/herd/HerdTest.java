package io.github.postern.verify.herd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A herd of the size that a busy machine carries beside other tests; the profile {@code herd} takes one of any size. */
@Timeout(180)
class HerdTest {
    private static final int CLIENTS = 1_000;

    @Test
    void a_herd_is_told_that_its_server_has_restarted_and_comes_back() throws Exception {
        var outcome = new Herd(CLIENTS).run();
        System.out.println(outcome);
        assertEquals(CLIENTS, outcome.size());
        assertEquals(0, outcome.failures());
    }
}
