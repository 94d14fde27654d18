package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class EventQueueTest {
    private static final int MAX_WAITING = 10;

    private final EventQueue events = new EventQueue(MAX_WAITING);
    private final LinkedBlockingQueue<Integer> heard = new LinkedBlockingQueue<>();

    /** Occupies the listeners until the latch opens. */
    private CountDownLatch occupy() throws InterruptedException {
        var busy = new CountDownLatch(1);
        var free = new CountDownLatch(1);
        events.add(() -> {
            busy.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        busy.await();
        return free;
    }

    private void add(int count) {
        for (int n = 1; n <= count; n++) {
            int event = n;
            events.add(() -> heard.add(event));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX_WAITING - 1, MAX_WAITING, MAX_WAITING + 1})
    void keeps_so_many_for_a_listener_that_is_busy_and_leaves_out_the_rest(int count) throws Exception {
        var free = occupy();
        add(count);
        free.countDown();
        int kept = Math.min(count, MAX_WAITING);
        for (int n = 1; n <= kept; n++) {
            assertEquals(n, heard.take());
        }
        events.add(() -> heard.add(0));
        assertEquals(0, heard.take(), "and goes on");
    }

    @Test
    void goes_on_after_a_listener_has_failed() throws Exception {
        events.add(() -> {
            throw new IllegalStateException("a fault of the application");
        });
        add(1);
        assertEquals(1, heard.take());
    }
}
