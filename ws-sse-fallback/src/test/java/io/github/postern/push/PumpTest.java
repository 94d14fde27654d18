package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PumpTest {
    private final AtomicInteger runs = new AtomicInteger();
    private final LinkedBlockingQueue<Integer> ran = new LinkedBlockingQueue<>();

    @Test
    void runs_once_more_for_all_that_ask_while_it_runs() throws Exception {
        var begun = new CountDownLatch(1);
        var asked = new CountDownLatch(1);
        var pump = new Pump(() -> {
            int run = runs.incrementAndGet();
            begun.countDown();
            try {
                asked.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            ran.add(run);
        });
        pump.wake();
        begun.await();
        pump.wake();
        pump.wake();
        asked.countDown();
        assertEquals(1, ran.take());
        assertEquals(2, ran.take());
        pump.wake();
        assertEquals(3, ran.take());
    }

    @Test
    void runs_again_after_its_task_has_failed() throws Exception {
        var pump = new Pump(() -> {
            int run = runs.incrementAndGet();
            ran.add(run);
            if (run == 1) {
                throw new IllegalStateException("planted");
            }
        });
        pump.wake();
        assertEquals(1, ran.take());
        pump.wake();
        assertEquals(2, ran.take());
    }
}
