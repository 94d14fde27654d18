package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayLogTest {
    private static final Message.Text MESSAGE = new Message.Text("m");

    @Test
    void numbers_from_one() {
        var log = new ReplayLog(10, 10);
        assertEquals(0, log.last());
        assertEquals(1, log.append(MESSAGE, 1));
        assertEquals(2, log.append(MESSAGE, 1));
        assertEquals(2, log.last());
    }

    @Test
    void limits_the_messages() {
        var log = new ReplayLog(3, 1_000);
        for (int n = 1; n <= 3; n++) {
            assertTrue(log.fits(1), "message " + n);
            assertEquals(n, log.append(MESSAGE, 1));
        }
        assertFalse(log.fits(0));
        assertThrows(IllegalStateException.class, () -> log.append(MESSAGE, 0));
        log.acknowledge(1);
        assertTrue(log.fits(1));
    }

    @Test
    void limits_the_bytes() {
        var log = new ReplayLog(1_000, 10);
        assertEquals(1, log.append(MESSAGE, 4));
        assertTrue(log.fits(5));
        assertTrue(log.fits(6));
        assertFalse(log.fits(7));
    }

    @Test
    void acknowledgement_is_cumulative_and_repeatable() {
        var log = new ReplayLog(10, 100);
        for (int n = 1; n <= 5; n++) {
            assertEquals(n, log.append(MESSAGE, n));
        }
        log.acknowledge(3);
        log.acknowledge(2);
        log.acknowledge(3);
        assertEquals(3, log.acknowledged());
        assertEquals(9, log.bytes());
        assertEquals(2, log.size());
        assertEquals(4, log.get(4).number());
        assertThrows(IndexOutOfBoundsException.class, () -> log.get(3));
        assertThrows(IndexOutOfBoundsException.class, () -> log.get(6));
        assertThrows(IllegalArgumentException.class, () -> log.acknowledge(6));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void keeps_what_is_not_acknowledged_through_growth_and_shrinking(long seed) {
        var random = new Random(seed);
        var log = new ReplayLog(500, 1_000_000);
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(100) < (i % 2_000 < 1_000 ? 70 : 30) && log.fits(1)) {
                var text = new Message.Text(Long.toString(log.last() + 1));
                assertEquals(log.last() + 1, log.append(text, 1));
            } else if (log.size() > 0) {
                log.acknowledge(log.acknowledged() + random.nextInt(log.size() + 1));
            }
            assertEquals(log.size(), log.bytes());
            if (log.size() > 0) {
                long n = log.acknowledged() + 1 + random.nextInt(log.size());
                assertEquals(new Message.Text(Long.toString(n)), log.get(n).message());
            }
        }
    }
}
