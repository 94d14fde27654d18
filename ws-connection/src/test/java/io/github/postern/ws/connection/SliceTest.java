package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How much is moved before others may run. */
class SliceTest {
    private static final int SIZE = 128 * 1024;

    @Test
    void ends_with_every_128_kib() {
        for (long before = 0; before < 10L * SIZE; before += SIZE) {
            assertFalse(Slice.ends(before, SIZE - 1));
            assertTrue(Slice.ends(before, SIZE));
            assertTrue(Slice.ends(before + SIZE - 1, 1));
            assertFalse(Slice.ends(before, 0));
        }
    }

    @Test
    void ends_once_with_what_is_longer() {
        assertTrue(Slice.ends(5, 10 * SIZE));
        assertFalse(Slice.ends(5 + 10 * SIZE, 100));
    }
}
