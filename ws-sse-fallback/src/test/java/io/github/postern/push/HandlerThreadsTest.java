package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads of handlers, whatever happens at the same time. */
@Timeout(20)
class HandlerThreadsTest {
    private final HandlerThreads threads = new HandlerThreads();

    @Test
    void waits_for_those_that_return_and_interrupts_the_others() throws Exception {
        var ended = new LinkedBlockingQueue<String>();
        threads.start("returns", () -> ended.add("returned"));
        threads.start("waits", () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                ended.add("interrupted");
            }
        });
        threads.end(System.nanoTime() + 50_000_000);
        var both = ended.take() + " " + ended.take();
        assertTrue(both.contains("returned") && both.contains("interrupted"), both);
    }

    /** One may be there and not have begun: that is no reason to fail. */
    @Test
    void may_end_while_others_are_started() throws Exception {
        var starting = new FutureTask<>(() -> {
            for (int i = 0; i < 100_000; i++) {
                threads.start("short", () -> {});
            }
            return true;
        });
        Thread.ofPlatform().start(starting);
        while (!starting.isDone()) {
            threads.end(System.nanoTime() + 1_000_000);
        }
        assertTrue(starting.get());
    }
}
