package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkerTest {
    private final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

    @Test
    void tells_of_a_task_that_fails() throws Exception {
        var fault = new IllegalStateException("a fault of ours");
        var worker = Worker.start(
                "failing",
                () -> {
                    throw fault;
                },
                failures::add);
        assertSame(fault, failures.take());
        worker.stop();
    }

    @Test
    void stops_a_task_that_waits_without_calling_that_a_failure() throws Exception {
        var begun = new CountDownLatch(1);
        var worker = Worker.start(
                "waiting",
                () -> {
                    begun.countDown();
                    new CountDownLatch(1).await();
                },
                failures::add);
        begun.await();
        worker.stop();
        assertTrue(failures.isEmpty());
    }
}
